"""Telegram: public channels, through the preview that t.me/s shows to everybody."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.fields import count, hashtags_of, hrefs_of, mentions_of, text_of
from crawlers.formats import api, xml
from crawlers.formats.syndication import seconds
from crawlers.formats.walls import is_html, wall
from crawlers.platform import Blocked, Dropped, Fetch, Page, ParseError, Platform, each
from data.records import Gone, Metrics, Post, Profile, Record

SITE: Final = "https://t.me"
ENGLISH: Final = {"Accept-Language": "en"}
NATIVE: Final = re.compile(r"[a-z]\w{3,31}/[0-9]{1,9}")
BEFORE: Final = re.compile(r"\?before=([0-9]{1,9})$")
REACTED: Final = re.compile(r"([0-9][0-9.,]*[KM]?)\s*$")
MESSAGE: Final = ".tgme_widget_message[data-post]"
PLAYERS: Final = ".tgme_widget_message_video_player,.tgme_widget_message_roundvideo_player"
PHOTOS: Final = ".tgme_widget_message_photo_wrap"
SOUNDS: Final = (
    ".tgme_widget_message_voice_player,.tgme_widget_message_document_icon.audio,"
    ".tgme_widget_message_audio_player"
)
LENGTHS: Final = ".message_video_duration,.tgme_widget_message_voice_duration"


class Telegram(Platform):
    """The account is the channel's name; a post is known by `channel/number`."""

    name = "telegram"
    title = "Telegram channels"
    docs = "https://core.telegram.org/widgets/post"
    accounts = re.compile(
        r"https?://(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?"
        r"(?!(?:s|share|joinchat|addstickers|addemoji|addlist|proxy|socks|iv|login|boost)(?:[/?#]|$))"
        r"(?P<account>[a-z]\w{3,31})/?(?:[?#]|$)",
        re.IGNORECASE,
    )
    examples = (
        "https://t.me/maisonalpine",
        "https://t.me/s/MaisonAlpine",
        "https://telegram.me/crete_co",
    )
    access = "page"
    confidence = "thin"
    hides = frozenset(
        ("title", "language", "comments", "shares", "saves", "sponsored", "edited_at", "following",
         "posts_total")
    )  # fmt: skip
    floor: ClassVar[Mapping[str, float]] = {"views": 0.5, "published_at": 1.0}
    complete_lists = True
    base_url = SITE

    def account_of(self, url: str) -> str | None:
        """Names of channels mean the same in either case."""
        account = super().account_of(url)
        return account.lower() if account else None

    def url_of(self, account: str) -> str:
        """The channel's card."""
        return f"{SITE}/{account}"

    def start(self, account: str) -> Iterator[Fetch]:
        """The card, whose number of subscribers is exact, and the newest posts."""
        yield Fetch(f"{SITE}/{account}", kind="profile", headers=ENGLISH, optional=True)
        yield Fetch(f"{SITE}/s/{account}", headers=ENGLISH)

    def refresh(self, account: str, posts: Sequence[tuple[str, str]]) -> Iterator[Fetch]:  # noqa: ARG002
        """Each post as other sites embed it: views and reactions of now."""
        for native_id, _ in posts:
            url = f"{SITE}/{native_id}?embed=1"
            yield Fetch(url, kind="post", context={"post": native_id}, headers=ENGLISH)

    def parse(self, page: Page) -> Iterator[Record | Fetch | Dropped]:
        """A channel's preview, its card, or one embedded post, by what the page shows."""
        markup = xml.decoded(page.body, page.content_type)
        if not is_html(markup):
            raise ParseError("", "not a web page")
        tree = LexborHTMLParser(markup)
        if tree.css_first("section.tgme_channel_history"):
            yield from _preview(tree, page)
        elif messages := tree.css(MESSAGE):
            yield from each(messages, "message", _message)
        elif tree.css_first(".tgme_widget_message_error") and "post" in page.fetch.context:
            yield Gone(native_id=page.fetch.context["post"])
        elif tree.css_first(".tgme_page_extra") or tree.css_first(".tgme_page_title"):
            yield _card(tree, page)
        elif tree.css_first(".tgme_page_post"):
            raise Blocked("empty_shell", "the post itself is in a frame of its own")
        else:
            reason = "gone" if tree.css_first(".tgme_page_icon") else wall(markup)
            raise Blocked(reason or "empty_shell", "neither a channel nor a post")


def _preview(tree: LexborHTMLParser, page: Page) -> Iterator[Record | Fetch | Dropped]:
    """The channel's head, its posts, and where older ones are."""
    title = _words(tree, ".tgme_channel_info_header_title")
    if title:
        yield Profile(
            name=title,
            followers=_subscribers(tree),
            description=_words(tree, ".tgme_channel_info_description"),
        )
    yield from each(tree.css(MESSAGE), "message", _message)
    links = tree.css('link[rel="prev"],a.tme_messages_more[href*="before="]')
    for link in links[:1]:
        if before := BEFORE.search(link.attributes.get("href") or ""):
            yield api.further(page.fetch, before=before[1])


def _subscribers(tree: LexborHTMLParser) -> int | None:
    """The number of subscribers, unless it is a rounded one: the card has the exact one."""
    for counter in tree.css(".tgme_channel_info_counter"):
        if (_words(counter, ".counter_type") or "").startswith("subscriber"):
            shown = _words(counter, ".counter_value") or ""
            return count(shown) if shown.isdecimal() else None
    return None


def _card(tree: LexborHTMLParser, page: Page) -> Profile:
    """What a channel without a preview shows, too: there it is a wall before its posts."""
    extra = _words(tree, ".tgme_page_extra") or ""
    number, _, kind = extra.rpartition(" ")
    name = _words(tree, ".tgme_page_title")
    if name is None:
        raise Blocked("gone", "no channel of this name")
    if page.fetch.url.startswith(f"{SITE}/s/"):
        raise Blocked("login_wall", "the channel shows its posts in the app only")
    return Profile(
        name=name,
        followers=count(number) if kind.startswith(("subscriber", "member")) else None,
        description=_words(tree, ".tgme_page_description"),
    )


def _message(node: LexborNode) -> Iterator[Record]:
    """One post; what the channel's own machinery announces ("Channel created") is none."""
    native_id = (node.attributes.get("data-post") or "").lower()
    if not NATIVE.fullmatch(native_id):
        raise ParseError("data-post", "not channel/number")
    if "service_message" in (node.attributes.get("class") or ""):
        return
    times = node.css(".tgme_widget_message_date time[datetime]")
    stated = times[-1].attributes.get("datetime") if times else None
    body = next(iter(_texts(node)), None)
    text = text_of(body.inner_html or "") if body else ""
    markup = body.html or "" if body else ""
    forwarded = node.css_first(".tgme_widget_message_forwarded_from") is not None
    form, media = _form(node)
    preview = node.css_first("a.tgme_widget_message_link_preview[href]")
    links = [link for link in hrefs_of(markup) if not link.startswith((f"{SITE}/s/", "?q="))]
    yield Post(
        native_id=native_id,
        url=f"{SITE}/{native_id}",
        published_at=api.moment(stated or "", "datetime"),
        format=form,
        text=text or None,
        media_count=media,
        duration_s=seconds(_words(node, LENGTHS) or ""),
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=api.addresses((*links, preview.attributes.get("href") if preview else None)),
        is_repost=forwarded,
    )
    if not forwarded:
        views = _words(node, ".tgme_widget_message_views")
        yield Metrics(native_id, likes=_reactions(node.css(".tgme_reaction")), views=count(views))


def _texts(node: LexborNode) -> Iterator[LexborNode]:
    """The post's own text: not that of the post that it answers, which stands above it."""
    for text in node.css(".tgme_widget_message_text.js-message_text"):
        if "js-message_reply_text" not in (text.attributes.get("class") or ""):
            yield text


def _form(node: LexborNode) -> tuple[str, int]:
    """Format and number of media."""
    photos, videos = len(node.css(PHOTOS)), len(node.css(PLAYERS))
    if photos + videos > 1:
        return "carousel", photos + videos
    if photos or videos:
        return ("video" if videos else "photo"), 1
    if node.css_first(".tgme_widget_message_poll"):
        return "poll", 0
    if node.css_first(SOUNDS):
        return "audio", 1
    return ("link" if node.css_first("a.tgme_widget_message_link_preview") else "text"), 0


def _reactions(shown: Iterable[LexborNode]) -> int | None:
    """All reactions together; None where none are shown, as a channel may have them closed."""
    found = [REACTED.search(" ".join(node.text().split())) for node in shown]
    numbers = [count(match[1]) if match else None for match in found]
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _words(node: LexborHTMLParser | LexborNode, selector: str) -> str | None:
    found = node.css_first(selector)
    return text_of(found.inner_html or "") or None if found else None
