"""A crawler in one function: what the platforms read from the market, no network in between."""

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs, unquote, urlsplit

from crawlers.platform import Dropped, Fetch, Page
from crawlers.registry import platforms
from data.market import Market
from data.market.cast import Channel
from data.market.server import respond
from data.market.wire.http import Request
from data.records import Comment, Gone, Metrics, Post, Profile

SECRET = b"a pseudonym key of at least this length"


@dataclass
class Harvest:
    posts: dict[str, Post] = field(default_factory=dict)
    metrics: dict[str, Metrics] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    dropped: list[Dropped] = field(default_factory=list)
    fetches: list[Fetch] = field(default_factory=list)

    def take(self, record: object) -> None:
        if isinstance(record, Post):
            known = self.posts.get(record.native_id)
            if known is None or not known.published_at or known.published_within_s:
                self.posts[record.native_id] = record
        elif isinstance(record, Metrics):
            known_counts = self.metrics.get(record.native_id)
            if known_counts is None or record.likes is not None:
                self.metrics[record.native_id] = record
        elif isinstance(record, Comment):
            self.comments[record.native_id] = record
        elif isinstance(record, Profile):
            self.profiles.append(record)
        elif isinstance(record, Gone):
            self.gone.add(record.native_id)
        elif isinstance(record, Dropped):
            self.dropped.append(record)


def ask(market: Market, fetch: Fetch, account: str, now: datetime) -> Page:
    """What the market answers to one fetch."""
    parts = urlsplit(fetch.url)
    query = parse_qs(parts.query, keep_blank_values=True)
    body = (fetch.body or "").encode()
    reply = respond(market, Request(unquote(parts.path), query, body, fetch.method), now)
    return Page(
        fetch=fetch,
        account=account,
        url=fetch.url,
        body=reply.body,
        fetched_at=now,
        status=reply.status,
        content_type=reply.content_type,
        secret=SECRET,
    )


def harvest(market: Market, channel: Channel, now: datetime) -> Harvest:
    """Everything that the channel's platform finds from its first requests on."""
    platform, found = platforms()[channel.platform], Harvest()
    account = platform.account_of(channel.url) or channel.account
    pending, seen = list(platform.start(account)), set()
    while pending:
        fetch = pending.pop(0)
        key = (fetch.url, fetch.body)
        if key in seen:
            continue
        seen.add(key)
        found.fetches.append(fetch)
        page = ask(market, fetch, account, now)
        for record in platform.read(page):
            if isinstance(record, Fetch):
                pending.append(record)
            else:
                found.take(record)
    return found
