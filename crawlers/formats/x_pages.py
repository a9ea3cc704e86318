"""X's pages as browsers show them, and the piece of HTML that its oEmbed hands out.

Posts stand in the document that the site's scripts build; before 2020 the server wrote them.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.fields import (
    count,
    get,
    hashtags_of,
    instant,
    language_of,
    links_of,
    maybe,
    mentions_of,
    once,
    text_of,
)
from crawlers.formats import jsonld
from crawlers.formats.x_tweets import NATIVE, SITE, snowflake
from crawlers.platform import Dropped, Page, ParseError, each
from data.records import Comment, Metrics, Post, Profile, Record

POSTS: Final = 'article[data-testid="tweet"], div.tweet[data-tweet-id]'
ADDRESS: Final = re.compile(
    r"(?:https?://(?:[\w-]+\.)?(?:twitter|x)\.com)?/(\w{1,20})/status(?:es)?/([0-9]{1,19})",
    re.ASCII,
)
COUNTED: Final = re.compile(r"([0-9][0-9.,\u00a0\u202f ]*) ([^\W\d][\w’' ]*)")
WORDS: Final = (
    ("comments", re.compile(r"repl(?:y|ies)|réponses?", re.IGNORECASE)),
    ("shares", re.compile(r"reposts?|retweets?|republications?", re.IGNORECASE)),
    ("likes", re.compile(r"likes?|j[’']aime|mentions? j[’']aime", re.IGNORECASE)),
    ("saves", re.compile(r"bookmarks?|signets?", re.IGNORECASE)),
    ("views", re.compile(r"views?|vues?", re.IGNORECASE)),
)  # fmt: skip
OLD: Final = (("reply", "comments"), ("retweet", "shares"), ("favorite", "likes"))
"""Name of an action in the server's own pages → field of Metrics."""
PICTURE: Final = re.compile(r"(?:https?://)?pic\.(?:twitter|x)\.com/\w*")
ALT: Final = re.compile(r"""<img[^>]{0,900}\balt="([^"<>]{1,20})"[^>]{0,900}>""")
"""An emoji: shown as a picture."""
DIV: Final = re.compile(r"</?div[^>]{0,900}>")
BROKEN: Final = re.compile(r"\n(?! {4})")
"""A line that its author broke; an indented one was broken by who saved the page."""
TOLD: Final = re.compile(r'<p lang="([\w-]{2,10})"[^>]{0,40}>(.*?)</p>', re.DOTALL)
FOLLOWS: Final = {"Follows": "followers", "Friends": "following", "Tweets": "posts_total"}
"""Name of a counted interaction of a profile → field of Profile."""


def profile(markup: str) -> Profile | None:
    """The account that a profile's page describes as JSON-LD, where it does."""
    for node in jsonld.nodes(markup):
        about = node.get("mainEntity")
        if node.get("@type") == "ProfilePage" and isinstance(about, dict):
            counters = maybe(about, "interactionStatistic", of=list) or []
            numbers = {
                FOLLOWS[name]: _whole(maybe(counter, "userInteractionCount"))
                for counter in counters
                if (name := maybe(counter, "name", of=str)) in FOLLOWS
            }
            return Profile(
                name=jsonld.text(about, "name"),
                description=jsonld.text(about, "description"),
                **numbers,
            )
    return None


def _whole(value: Any) -> int | None:
    return count(value) if isinstance(value, int | str) else None


def shown(markup: str) -> list[LexborNode]:
    """The elements of the page's posts, in order."""
    return LexborHTMLParser(markup).css(POSTS)


def page_records(
    markup: str, posts: list[LexborNode], wanted: str | None, page: Page
) -> Iterator[Record | Dropped]:
    """A profile's own posts, or one post (`wanted`) and what answers it below."""
    head = profile(markup)
    ids = [_address(post)[1] for post in posts]
    focus = [n for n, post in enumerate(posts) if _name(post) == "permalink-tweet"]
    if head is None and (wanted or focus or len(posts) == 1):
        place = ids.index(wanted) if wanted in ids else next(iter(focus), 0)
        yield from _thread(posts[place], posts[place + 1 :], page)
        return
    if head:
        yield head
    owners = [_address(post)[0].lower() for post in posts]
    known = page.account.lower() in owners
    own = [
        post
        for post, owner in zip(posts, owners, strict=True)
        if not known or owner in {page.account.lower(), ""}
    ]
    yield from each(own, "article", records)


def _name(post: LexborNode) -> str:
    """`permalink-tweet` for the post that a page of the old kind is about."""
    return next((c for c in (post.attributes.get("class") or "").split() if "permalink-" in c), "")


def _address(post: LexborNode) -> tuple[str, str]:
    try:
        return where(post)
    except ParseError:
        return "", ""


def _thread(post: LexborNode, below: list[LexborNode], page: Page) -> Iterator[Record | Dropped]:
    yield from records(post)
    owner, root = where(post)
    yield from each(below, "replies", lambda reply: _reply(reply, owner.lower(), root, page))


def _reply(post: LexborNode, owner: str, root: str, page: Page) -> Iterator[Comment]:
    author, native_id = where(post)
    yield Comment(
        native_id=native_id,
        post_native_id=root,
        published_at=published(post),
        author_key=page.author_key(author.lower()),
        from_channel=author.lower() == owner,
        text=text_shown(post) or None,
        likes=counted(post).get("likes"),
    )


def where(post: LexborNode) -> tuple[str, str]:
    """(author's name, id) of a shown post.

    Raises:
        ParseError: it carries no address of its own.
    """
    path = post.attributes.get("data-permalink-path")
    links = [link.attributes.get("href") for link in post.css("a:has(> time)")]
    for address in (path, *links):
        if match := ADDRESS.match(address or ""):
            return match[1], match[2]
    raise ParseError("a[href]", "no address of a post")


def text_shown(post: LexborNode) -> str:
    """The text of a shown post, not that of one it quotes."""
    found = post.css('[data-testid="tweetText"], .js-tweet-text')
    own = next((node for node in found if not _quoted(node, post)), None)
    if own is None:
        return ""
    spelled = ALT.sub(lambda image: image[1], own.html or "")
    return PICTURE.sub("", text_of(DIV.sub("", BROKEN.sub("<br>", spelled)))).strip()


def _quoted(node: LexborNode, post: LexborNode) -> bool:
    """Whether an element is inside the card of a quoted post."""
    above = node.parent
    while above is not None and above.mem_id != post.mem_id:
        linked = above.tag == "div" and above.attributes.get("role") == "link"
        if linked or "QuoteTweet" in (above.attributes.get("class") or ""):
            return True
        above = above.parent
    return False


def records(post: LexborNode) -> Iterator[Record]:
    """A shown post and its counts.

    Raises:
        ParseError: no post.
    """
    author, native_id = where(post)
    text = text_shown(post)
    kind, pieces = _form(post)
    words = next(iter(post.css('[data-testid="tweetText"][lang], .js-tweet-text[lang]')), None)
    yield Post(
        native_id=native_id,
        url=f"{SITE}/{author}/status/{native_id}",
        published_at=published(post),
        format=kind,
        text=text or None,
        language=language_of(words.attributes["lang"]) if words else None,
        media_count=pieces or None,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=links_of(text),
        is_reply=post.attributes.get("data-is-reply-to") == "true",
    )
    counts = counted(post)
    if counts:
        yield Metrics(native_id, **counts)


def published(post: LexborNode) -> datetime:
    """When a shown post was published.

    Raises:
        ParseError: no time.
    """
    stamp = next((node.attributes.get("data-time") for node in post.css("[data-time]")), None)
    if stamp and re.fullmatch(r"[0-9]{9,10}", stamp):
        return datetime.fromtimestamp(int(stamp), UTC)
    time = next((node.attributes.get("datetime") for node in post.css("a > time")), None)
    moment = instant(time or "")
    if moment is None:
        raise ParseError("time[datetime]", "not a time")
    return moment


def counted(post: LexborNode) -> dict[str, int]:
    """Counts that a shown post carries, by field of Metrics."""
    labels = [
        node.attributes.get("aria-label") or "" for node in post.css('[role="group"], button')
    ]
    found: dict[str, int] = {}
    for label in labels:
        for number, word in COUNTED.findall(label):
            field = next((name for name, words in WORDS if words.match(word)), None)
            if field and (known := count(number)) is not None:
                found.setdefault(field, known)
    for action, field in OLD:
        place = f".ProfileTweet-action--{action} [data-tweet-stat-count]"
        for node in post.css(place)[:1]:
            known = count(node.attributes.get("data-tweet-stat-count"))
            found |= {field: known} if known is not None else {}
    return found


def _form(post: LexborNode) -> tuple[str, int]:
    """(format, pieces of media); media of a quoted post are none."""

    def own(selector: str) -> int:
        return sum(not _quoted(node, post) for node in post.css(selector))

    videos = own('[data-testid="videoPlayer"], .AdaptiveMedia-video')
    photos = own('[data-testid="tweetPhoto"]:not(:has([data-testid="videoPlayer"])), '
                 ".AdaptiveMedia-photoContainer")  # fmt: skip
    if videos + photos > 1:
        return "carousel", videos + photos
    if videos or photos:
        return ("video" if videos else "photo"), 1
    return ("link" if own('[data-testid="card.wrapper"]') else "text"), 0


def embedded(answer: Any) -> Post:
    """The post of an oEmbed answer: its text; its time as its id tells it. No counts.

    A picture's address looks like a video's there: both are "photo".

    Raises:
        ParseError: no post.
    """
    match = ADDRESS.match(get(answer, "url", of=str))
    if not match or not NATIVE.fullmatch(match[2]):
        raise ParseError("url", "not a post's")
    told = TOLD.search(get(answer, "html", of=str))
    text = text_of(told[2]) if told else ""
    links = once(link for link in links_of(text) if not PICTURE.search(link))
    return Post(
        native_id=match[2],
        url=f"{SITE}/{match[1]}/status/{match[2]}",
        published_at=snowflake(match[2]),
        format="photo" if PICTURE.search(text) else "link" if links else "text",
        text=text or None,
        language=language_of(told[1]) if told else None,
        hashtags=hashtags_of(text),
        mentions=mentions_of(text),
        links=links,
        is_repost=text.startswith("RT @"),
    )
