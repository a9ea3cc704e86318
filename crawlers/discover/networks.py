"""Which address is an account of whom: share buttons, platforms' own pages, other networks."""

import re
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from crawlers.registry import claimants, platforms

SHARE: Final = re.compile(
    r"//(?:share|sharer)\.|/(?:share[r]?|shareArticle|share-offsite|sharing|intent|submit|compose|"
    r"bookmarklet|save|shares|dialog|plugins|pin/create|send|widgets|cws|spi)(?:[/?.#]|$)|"
    r"//(?:wa\.me|api\.whatsapp\.com|web\.whatsapp\.com)/|"
    r"[?&](?:u|url|link|href|text|body|media|status|via|redirect|share)=",
    re.IGNORECASE,
)
"""Buttons that hand the visitor's page on, rather than lead to an account."""
NETWORKS: Final = {
    "behance.net": "Behance", "bandcamp.com": "Bandcamp", "bebee.com": "beBee",
    "buymeacoffee.com": "Buy Me a Coffee", "castbox.fm": "Castbox", "deezer.com": "Deezer",
    "devpost.com": "Devpost", "discord.com": "Discord", "discord.gg": "Discord",
    "dribbble.com": "Dribbble", "flickr.com": "Flickr", "flipboard.com": "Flipboard",
    "foursquare.com": "Foursquare", "github.com": "GitHub", "gitlab.com": "GitLab",
    "ko-fi.com": "Ko-fi", "komoot.com": "komoot", "komoot.de": "komoot", "line.me": "LINE",
    "linktr.ee": "Linktree", "medium.com": "Medium", "meetup.com": "Meetup",
    "mixcloud.com": "Mixcloud", "odysee.com": "Odysee", "open.spotify.com": "Spotify",
    "patreon.com": "Patreon", "plus.google.com": "Google+", "podcasts.apple.com": "Apple Podcasts",
    "podcasts.google.com": "Google Podcasts", "producthunt.com": "Product Hunt",
    "quora.com": "Quora", "rumble.com": "Rumble", "slideshare.net": "SlideShare",
    "soundcloud.com": "SoundCloud", "strava.com": "Strava", "tripadvisor.com": "Tripadvisor",
    "tripadvisor.fr": "Tripadvisor", "tumblr.com": "Tumblr", "untappd.com": "Untappd",
    "viadeo.com": "Viadeo", "vk.com": "VK", "weibo.com": "Weibo", "whatsapp.com": "WhatsApp",
    "xing.com": "XING", "yelp.com": "Yelp", "yelp.fr": "Yelp",
}  # fmt: skip
"""Networks that brands name and no platform reads, by host."""
HOSTING: Final = frozenset({"medium.com", "tumblr.com", "bandcamp.com", "github.com"})
"""Networks whose pages may be a brand's own site, with links of its own."""
READ: Final = (
    "facebook.com", "fb.com", "fb.me", "instagram.com", "twitter.com", "x.com", "t.co",
    "youtube.com", "youtu.be", "linkedin.com", "lnkd.in", "tiktok.com", "pinterest.com", "pin.it",
    "pinterest.fr", "threads.net", "threads.com", "bsky.app", "t.me", "telegram.me", "reddit.com",
    "snapchat.com", "twitch.tv", "vimeo.com", "dailymotion.com", "news.ycombinator.com",
)  # fmt: skip
"""Hosts of platforms with one address: pages there are nobody's own site."""
MAKERS: Final = {
    "wordpress": "wordpress.com", "wordpresscom": "wordpress.com",
    "wordpressdotcom": "wordpress.com", "automattic": "automattic.com", "wix": "wix.com",
    "squarespace": "squarespace.com", "shopify": "shopify.com", "webflow": "webflow.com",
    "medium": "medium.com", "tumblr": "tumblr.com", "ghost": "ghost.org", "jimdo": "jimdo.com",
    "weebly": "weebly.com", "elementor": "elementor.com", "elegantthemes": "elegantthemes.com",
    "themeforest": "themeforest.net", "prestashop": "prestashop.com", "substack": "substack.com",
    "facebook": "facebook.com", "meta": "meta.com", "instagram": "instagram.com",
    "twitter": "twitter.com", "youtube": "youtube.com", "linkedin": "linkedin.com",
    "tiktok": "tiktok.com", "pinterest": "pinterest.com", "x": "x.com", "google": "google.com",
}  # fmt: skip
"""Accounts of those who make sites and networks, left in templates → whose own site they fit."""
NOWHERE: Final = re.compile(
    r"(?:your|votre)?[-_]?(?:username|user|account|page|name|profile|handle)"
)
FOLLOW_BUTTON: Final = re.compile(
    r"https?://(?:www\.)?(?:twitter|x)\.com/intent/(?:follow|user)\?(?:[^#\s]*&)?"
    r"screen_name=@?(\w{1,15})(?:[&#].*)?$",
    re.IGNORECASE,
)
TOPIC: Final = ("#", "tag/", "search/", "from/")
VANITY: Final = re.compile(
    r"(https?://(?:www\.|m\.)?youtube\.com)/(?!(?:watch|playlist|embed|shorts|live|feed|results|"
    r"hashtag|channel|user|c|t|about|premium|redirect|ads|kids|music|gaming|account|signin|"
    r"attribution_link|creators|howyoutubeworks|yt|new|my_videos_upload|oembed|supported_browsers|"
    r"s|v|iframe_api|player_api|upload|video_masthead|testtube|static|html5|trends|jobs|go|dev|"
    r"press|advertise|copyright|intl)(?:[/?#]|$))([\w-]{3,60})/?(?:[?#].*)?$",
    re.IGNORECASE,
)
"""YouTube's old short form of /c/name."""


class Account(Struct, frozen=True):
    """A channel as exactly one platform reads it."""

    platform: str
    account: str
    url: str


def account_at(url: str) -> Account | None:
    """The account behind an address; None for shares, topics, and what no or many would read."""
    url = VANITY.sub(r"\1/c/\2", url.strip().removesuffix("%20"))
    url = FOLLOW_BUTTON.sub(r"https://x.com/\1", url)
    if SHARE.search(url) or network_of(url):
        return None
    takers = claimants(url)
    if len(takers) != 1 or platforms()[takers[0][0]].claims_last:
        return None
    name, account = takers[0]
    if account.startswith(TOPIC) or "/?s=" in account:
        return None
    if NOWHERE.fullmatch(bare(account)) or OWN_PAGES.fullmatch(bare(account)):
        return None
    return Account(name, account, platforms()[name].url_of(account))


def host_of(url: str) -> str:
    """The host without `www.`, in lower case."""
    try:
        return (urlsplit(url).hostname or "").lower().removeprefix("www.")
    except ValueError:
        return ""


def network_of(url: str) -> str | None:
    """The network that an address belongs to and nobody here reads, or None."""
    host = host_of(url)
    return next((name for end, name in NETWORKS.items() if _under(host, end)), None)


def elsewhere_at(url: str) -> str | None:
    """The unread network on which an address names somebody; None for its own and share pages."""
    name, path = network_of(url), urlsplit(url).path.strip("/")
    has_name = path or host_of(url).count(".") > 1
    return name if has_name and not SHARE.search(url) and not OWN_PAGES.match(path) else None


OWN_PAGES: Final = re.compile(
    r"(?:about|help|policy|policies|legal|privacy|terms|signin|login|signup|join|m|p|topics|"
    r"membership|explore|search|business|features|pricing|app|apps|download|tag)(?:[/?-]|$)",
    re.IGNORECASE,
)
"""Pages that networks have for themselves."""


def is_network(url: str) -> bool:
    """Whether a page stands on a network, where links are the network's and not a brand's."""
    host = host_of(url)
    ends = [*READ, *(end for end in NETWORKS if end not in HOSTING)]
    return any(_under(host, end) for end in ends)


def bare(account: str) -> str:
    """The name in an account without kind and server: `user/Crete` → `crete`."""
    if "://" in account:
        return ""
    name = account.rpartition("/")[2].lstrip("@").partition("@")[0]
    return name.lower()


def makers_own(account: Account, page: str) -> bool:
    """Whether it is the account of a site builder or network, on somebody else's page."""
    home = MAKERS.get(bare(account.account))
    theirs = host_of(page) == home and (home not in HOSTING or urlsplit(page).path in {"", "/"})
    return home is not None and not theirs


def _under(host: str, end: str) -> bool:
    return host == end or host.endswith(f".{end}")
