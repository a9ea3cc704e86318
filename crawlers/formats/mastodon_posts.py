"""Posts of Mastodon and its kin, as records."""

from collections.abc import Iterator

from crawlers.fields import decode, hrefs_of, is_web, language_of, once, tag_of, utc
from crawlers.wire import mastodon as wire
from data.records import Metrics, Post, Record


def records(status: wire.Status, host: str) -> Iterator[Record]:
    """The post and its counts; a repost has none of its own."""
    if not wire.absent(status.reblog):
        yield post(decode(wire.STATUS, status.reblog), host, shared=status)
        return
    yield post(status, host)
    reblogs, quotes = status.reblogs_count, status.quotes_count
    yield Metrics(
        native_id=f"{host}/{status.id}",
        likes=status.favourites_count,
        comments=status.replies_count,
        shares=reblogs if quotes is None else quotes + (reblogs or 0),
    )


def post(status: wire.Status, host: str, shared: wire.Status | None = None) -> Post:
    """One status; `shared` is the repost around it, whose id and time count."""
    content = status.content or ""
    format_, duration = status.form()
    card = status.linked()
    links = [*(hrefs_of(content) if "<a " in content else ()), card]
    outer = shared or status
    return Post(
        native_id=f"{host}/{outer.id}",
        url=status.url
        if status.url and is_web(status.url)
        else f"https://{host}/statuses/{outer.id}",
        published_at=utc(outer.created_at),
        format=format_,
        text=status.words(),
        language=language_of(status.language),
        media_count=len(status.media_attachments or ()),
        duration_s=duration,
        hashtags=once(tag_of(tag.name) for tag in status.tags or ()),
        mentions=once(whole(mention.acct, host) for mention in status.mentions or ()),
        links=once(filter(is_web, links)),
        is_repost=shared is not None,
        is_reply=shared is None and status.is_reply(),
        edited_at=utc(status.edited_at) if status.edited_at else None,
    )


def whole(acct: str, host: str) -> str:
    """`user@host`, also of an account at home here."""
    return acct if "@" in acct or not acct else f"{acct}@{host}"
