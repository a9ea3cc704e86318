"""What a page may not bring into the lake: people who asked not to be stored, and what is too old.

A person is known by keyed hashes only. `author_key` is where every platform names a commenter, so
that is where one who asked is heard; posts of strangers (topics) are known by the names in their
address.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field, structs

from crawlers.platform import FORGOTTEN, Page
from data.names import plain
from data.pseudonyms import pseudonym
from data.records import Comment, Metrics, Post


class Terms(Struct, frozen=True):
    """On what terms pages are read.

    Attributes:
        secret: the lake's ring of pseudonym keys.
        authors: pseudonyms whose comments are left out.
        accounts: keyed hashes of names whose posts are left out where topics and reposts show
            them; a watched channel's own are erased with the channel.
        topics: channels that show other people's posts.
        posts_since: posts published before are left out.
        comments_since: comments published before are left out.
    """

    secret: bytes = b""
    authors: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    posts_since: datetime | None = None
    comments_since: datetime | None = None

    @property
    def leaves_posts_out(self) -> bool:
        """Whether there are posts that must not be stored."""
        return self.posts_since is not None or bool(self.accounts)


class HeardPage(Page, frozen=True):
    """A page that hears the names of those who are not to be stored.

    `heard` holds, for each of their comments, every name that the page gave its author.
    """

    authors: frozenset[str] = frozenset()
    heard: list[tuple[str, ...]] = field(default_factory=list)

    def author_key(self, native_author: str, *names: str) -> str:
        """The pseudonym of a commenter; FORGOTTEN for those who are not to be stored."""
        key = super().author_key(native_author)
        known = (named(name, self.secret) for name in (native_author, *names))
        if key == FORGOTTEN or self.authors.isdisjoint((key, *known)):
            return key
        self.heard.append((native_author, *names))
        return FORGOTTEN


def named(name: str, secret: bytes) -> str:
    """The keyed hash of a public name, however its first sign and its letters are written."""
    return pseudonym(plain(name), secret)


def heard_by(page: Page, terms: Terms) -> Page:
    """The page as it is read on these terms."""
    if not terms.authors:
        return page
    given = {name: getattr(page, name) for name in Page.__struct_fields__}
    return HeardPage(**given, authors=terms.authors)


def theirs_among(posts: list[Post], channel_id: str, terms: Terms) -> dict[str, tuple[str, ...]]:
    """By native id, what stands in a page for the posts of people who are not to be stored."""
    if not terms.accounts:
        return {}
    strangers = [post for post in posts if post.is_repost or channel_id in terms.topics]
    found = {post.native_id: _names(post, terms) for post in strangers}
    return {native_id: names for native_id, names in found.items() if names}


def kept_posts(
    posts: list[Post], metrics: list[Metrics], theirs: Collection[str], terms: Terms
) -> set[str]:
    """Take posts (and their counts) out: theirs, and those that are too old; their native ids."""
    since = terms.posts_since
    out = {*theirs, *(post.native_id for post in posts if since and _is_old(post, since))}
    if out:
        posts[:] = [post for post in posts if post.native_id not in out]
        metrics[:] = [row for row in metrics if row.native_id not in out]
    return out


def kept_comments(comments: list[Comment], without: set[str], terms: Terms) -> list[str]:
    """Take comments out that may not be stored, and those under posts that were taken out.

    Returns the texts of people who are not to be stored.
    """
    gone = {one.native_id for one in comments if _is_gone(one, without, terms)}
    if not gone:
        return []
    texts = [one.text for one in comments if one.author_key == FORGOTTEN and one.text]
    comments[:] = [
        structs.replace(one, in_reply_to=None) if one.in_reply_to in gone else one
        for one in comments
        if one.native_id not in gone
    ]
    return texts


def _is_gone(comment: Comment, without: set[str], terms: Terms) -> bool:
    too_old = _is_old(comment, terms.comments_since)
    return too_old or comment.author_key == FORGOTTEN or comment.post_native_id in without


def _is_old(one: Post | Comment, since: datetime | None) -> bool:
    return since is not None and one.published_at is not None and one.published_at < since


def _names(post: Post, terms: Terms) -> tuple[str, ...]:
    """What stands in a page for a post, if it is theirs."""
    told = [name for name in names_in(post.url) if named(name, terms.secret) in terms.accounts]
    return (post.native_id, post.native_id.rpartition("/")[2], post.url, *told) if told else ()


def names_in(url: str) -> Iterator[str]:
    """The parts of an address that may name an account, alone and with the host: `lea@host`."""
    parts = urlsplit(url)
    for part in filter(None, parts.path.split("/")):
        yield unquote(part)
        yield f"{unquote(part)}@{parts.netloc}"
