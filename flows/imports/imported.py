"""What people bring, on its way into the lake: whose it is, the file itself, then its rows.

Nothing is written before everything was read. A file is archived under each channel that it
speaks of (its content once), so that every row has its page. The same file again changes
nothing; with another mapping it takes back what it said before.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import polars as pl
from msgspec import Struct

from crawlers.books import StoreBooks, enter, topic_channels
from crawlers.platform import Fetch
from crawlers.reading import Reading
from crawlers.recorder import coverage_row
from crawlers.registry import platforms
from data.contracts import month_of
from data.records import Capture, Metrics, Post
from data.store import Store, hashed
from data.tables import CORE
from data.tables.core import PARTITION
from data.watchlist import slug
from flows import build
from flows.watched import IMPORTED
from flows.words.problems import Unusable

FACES: Final = {
    "facebook": "https://www.facebook.com/{}", "instagram": "https://www.instagram.com/{}/",
    "tiktok": "https://www.tiktok.com/@{}", "x": "https://x.com/{}",
    "linkedin": "https://www.linkedin.com/company/{}", "threads": "https://www.threads.net/@{}",
    "newsletter": "mailto:{}",
}  # fmt: skip
"""Address of an account whose platform's own class does not know it in this form."""


class Owner(Struct, frozen=True):
    """Whose file it is."""

    entity_id: str
    name: str
    role: str
    is_new: bool


class Part(Struct, frozen=True):
    """What a file says of one channel, and the bytes that say it."""

    platform: str
    account: str
    made_at: datetime
    body: bytes
    posts: Sequence[Post] = ()
    metrics: Sequence[Metrics] = ()

    @property
    def channel_id(self) -> str:
        """As in every table."""
        return f"{self.platform}:{self.account}"


class File(Struct, frozen=True):
    """The file: its name, what it is imported as, and how it was read (kept with the page)."""

    name: str
    url: str
    kind: str
    content_type: str
    read_as: Mapping[str, Any]

    def request(self) -> str:
        """What stands for the request of a page that nobody asked for."""
        told = {"kind": "import", "as": self.kind, "file": self.name, "read_as": self.read_as}
        return json.dumps(told, ensure_ascii=False, sort_keys=True)


def owner_of(store: Store, name: str, role: str | None, usual: str) -> Owner:
    """The entity of that name or id.

    Where the lake watches nobody yet, or where `role` is given, it is added.

    Raises:
        Unusable: the lake watches others, but nobody of that name.
    """
    entities = store.scan("entities").collect()
    wanted = slug(name) or name
    for row in entities.iter_rows(named=True):
        if wanted == row["entity_id"] or name == row["name"]:
            return Owner(row["entity_id"], row["name"], row["role"], is_new=False)
    if role is None and not entities.is_empty():
        raise Unusable(
            "--entity {name}: nobody of that name is watched; there are {known}; "
            "add it with --role brand, competitor, influencer or topic",
            name=name, known=", ".join(sorted(entities["entity_id"])),
        )  # fmt: skip
    return Owner(wanted, name, role or usual, is_new=True)


def channels_of(store: Store, entity_id: str, platform: str) -> list[str]:
    """The accounts that an entity is known to have on a platform."""
    mine = store.scan("channels").filter(
        pl.col("entity_id") == entity_id, pl.col("platform") == platform
    )
    return mine.collect()["account"].sort().to_list()


def check_owned(store: Store, owner: Owner, channel_ids: Sequence[str]) -> None:
    """Make sure that no channel of the file is somebody else's.

    Raises:
        Unusable: one is.
    """
    others = store.scan("channels").filter(
        pl.col("channel_id").is_in(list(channel_ids)), pl.col("entity_id") != owner.entity_id
    )
    for row in others.collect().iter_rows(named=True):
        raise Unusable(
            "{channel} is a channel of {other}; write --entity {other}, or name the account "
            "with --channel", channel=row["channel_id"], other=row["entity_id"],
        )  # fmt: skip


def enter_posts(store: Store, owner: Owner, file: File, parts: Sequence[Part]) -> int | None:
    """Archive the file and write its posts and counts; how many posts are new.

    None where this file was read in the same way before: nothing is written then.
    """
    run_id = run_of(file.kind, *(part.body for part in parts))
    captures = [_capture(part.channel_id, run_id, file, part.made_at, part.body) for part in parts]
    earlier = _earlier(store, run_id)
    covered = store.scan("coverage").filter(pl.col("run_id") == run_id).collect()
    ids = [f"{part.platform}:{post.native_id}" for part in parts for post in part.posts]
    same = set(earlier.select("channel_id", "fetch").rows())
    if not covered.is_empty() and {(c.channel_id, c.fetch) for c in captures} <= same:
        return None
    known = known_ids(store, ids)
    build.mark_rewritten(store)  # first: it may be killed between two tables
    if not covered.is_empty():
        # Written last: without it, the same file is entered again after a kill.
        others = store.scan("coverage").filter(pl.col("run_id") != run_id)
        store.replace("coverage", others.collect())
    register(store, owner, [(part.platform, part.account) for part in parts])
    page_ids = store.archive(captures)
    withdraw(store, set(earlier["page_id"]) - set(page_ids))
    readings = [
        Reading(
            part.channel_id, part.platform, Fetch(capture.url, "import"), part.made_at, page_id,
            posts=list(part.posts), metrics=list(part.metrics),
        )
        for part, capture, page_id in zip(parts, captures, page_ids, strict=True)
    ]  # fmt: skip
    enter(StoreBooks(store), readings, topic_channels(store))
    store.merge("coverage", _coverage(run_id, parts, known))
    return len(set(ids) - known)


def enter_insights(
    store: Store, owner: Owner, file: File, rows: Sequence[dict[str, Any]], part: Part
) -> tuple[int, int] | None:
    """Archive the file and write its figures; rows that are new, and rows that they replace.

    None where nothing differs from what the lake holds.
    """
    run_id = run_of(file.kind, part.body)
    capture = _capture(f"insights:{owner.entity_id}", run_id, file, part.made_at, part.body)
    schema = store.scan("insights").collect_schema()
    given = [{**dict.fromkeys(schema), "entity_id": owner.entity_id, **row} for row in rows]
    frame = pl.DataFrame(given, schema=schema).drop("page_id")
    held = store.scan("insights").collect()
    names = frame.columns
    if frame.join(held, on=names, how="anti", nulls_equal=True).is_empty():
        return None
    key = ["entity_id", "post_id", "day", "source"]
    replaced = frame.join(held, on=key, how="semi").height
    build.mark_rewritten(store)
    register(store, owner, [])
    earlier = _earlier(store, run_id)
    (page_id,) = store.archive([capture])
    withdraw(store, set(earlier["page_id"]) - {page_id})
    store.merge("insights", frame.with_columns(page_id=pl.lit(page_id)))
    return frame.height - replaced, replaced


def register(store: Store, owner: Owner, accounts: Sequence[tuple[str, str]]) -> None:
    """Add the owner and the channels where they are new, and remember that a file brought them.

    A run rewrites `entities` and `channels` from its watchlist; what is remembered stays.
    """
    kept = store.state(IMPORTED) or {"entities": {}, "channels": {}}
    if owner.is_new:
        kept["entities"][owner.entity_id] = {"name": owner.name, "role": owner.role}
    for platform, account in accounts:
        kept["channels"][f"{platform}:{account}"] = {
            "entity_id": owner.entity_id, "platform": platform, "account": account,
            "url": _face(platform, account),
        }  # fmt: skip
    store.set_state(IMPORTED, kept)
    if owner.is_new:
        row = {"entity_id": owner.entity_id, "name": owner.name, "role": owner.role}
        store.insert("entities", pl.DataFrame([row]))
    rows = [
        {"channel_id": f"{platform}:{account}", **kept["channels"][f"{platform}:{account}"]}
        for platform, account in dict.fromkeys(accounts)
    ]
    if rows:
        store.insert("channels", pl.DataFrame(rows))


def withdraw(store: Store, page_ids: set[str]) -> None:
    """Take out the rows that these pages brought: their months are written anew without them."""
    theirs = pl.col("page_id").is_in(list(page_ids))
    for table in ("posts", "metrics", "insights"):
        rows = store.scan(table)
        if not page_ids or rows.filter(theirs).head(1).collect().is_empty():
            continue
        if table not in PARTITION:
            store.replace(table, rows.filter(~theirs).collect())
            continue
        month = month_of(table)
        months = rows.filter(theirs).select(month.unique()).collect().to_series().to_list()
        store.replace(table, rows.filter(~theirs, month.is_in(months)).collect(), months)


def _capture(channel_id: str, run_id: str, file: File, made_at: datetime, body: bytes) -> Capture:
    url = file.url or f"mailto:{channel_id.partition(':')[2]}"
    return Capture(
        channel_id=channel_id, run_id=run_id, url=url, fetch=file.request(),
        fetched_at=made_at, status=200, content_type=file.content_type, body=body,
    )  # fmt: skip


def made_before(store: Store, body: bytes) -> datetime | None:
    """When the file was made, as an earlier import of the same content took it."""
    same = pl.col("content_hash") == hashed(body)
    pages = store.scan("pages").filter(same, pl.col("run_id").str.starts_with("import-"))
    found = pages.select(pl.col("fetched_at").min()).collect()
    at: datetime | None = found.item()
    return at


def run_of(kind: str, *bodies: bytes) -> str:
    """The run_id of an import: the same for the same content."""
    return f"import-{kind}-{hashed(*bodies)[:20]}"


def _earlier(store: Store, run_id: str) -> pl.DataFrame:
    pages = store.scan("pages").filter(pl.col("run_id") == run_id)
    return pages.select("page_id", "channel_id", "fetch").collect()


def known_ids(store: Store, post_ids: Sequence[str]) -> set[str]:
    """Those of the posts that the lake holds."""
    posts = store.scan("posts").filter(pl.col("post_id").is_in(list(post_ids)))
    return set(posts.select("post_id").collect()["post_id"])


def _coverage(run_id: str, parts: Sequence[Part], known: set[str]) -> pl.DataFrame:
    """A row a channel, so that no run takes the pages for those of a killed one."""
    by_channel: dict[str, list[Part]] = {}
    for part in parts:
        by_channel.setdefault(part.channel_id, []).append(part)
    rows = []
    for channel_id, mine in by_channel.items():
        ids = {f"{one.platform}:{post.native_id}" for one in mine for post in one.posts}
        rows.append(coverage_row(
            run_id, channel_id, max(one.made_at for one in mine), pages=len(mine),
            posts=len(ids), new_posts=len(ids - known), dropped=0, errors=0, reason=None,
        ))  # fmt: skip
    return pl.DataFrame(rows, schema=CORE["coverage"].create_empty().schema)


def _face(platform: str, account: str) -> str:
    """The address that a person opens to see the account."""
    if platform in FACES:
        return FACES[platform].format(account)
    return platforms()[platform].url_of(account) if platform in platforms() else account
