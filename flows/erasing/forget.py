"""Erasure: who or what is to go, what that takes out, and nothing half-done.

An erasure is written down before anything is touched and crossed out when the last byte is gone:
the next erasure, crawl or build completes what a kill left. Rows that others hang on go last, so
that a second try finds what the first one would have taken.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

import msgspec
import polars as pl
from msgspec import Struct, field

from crawlers import forgetting
from crawlers.books import topic_channels
from crawlers.privacy import Terms, named, names_in
from crawlers.registry import claimants, platforms
from crawlers.terms import OLDEST, erased_channels
from data import erasure, lock, logs, progress
from data.names import guises
from data.pseudonyms import LENGTH, pseudonym
from data.store import Store
from data.tables import OUT
from flows import build
from flows.crawl import latest_run
from flows.erasing import history
from flows.erasing.doomed import Doomed, by_author, by_channel, by_date
from flows.watched import IMPORTED
from flows.words.problems import FellShort, Unusable

PENDING: Final = "erasing"
"""State of the lake: the erasure that is under way."""
PATIENCE_S: Final = 10.0
LONG_AGO: Final = "1970-01-01T00:00:00+00:00"
Told = Callable[[str], None]


class Job(Struct):
    """What is to go.

    Attributes:
        asked: whom it was asked for: a name, a pseudonym or a channel_id.
        authors: pseudonyms of commenters.
        names: names that they are asked for by, then all that the archive gives them.
        channels: channel_ids.
        before: what is older goes.
    """

    asked: str = ""
    authors: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)
    before: datetime | None = None


def author_job(store: Store, asked: str) -> Job:
    """The erasure of a commenter: by pseudonym, or by a public name on any platform.

    Raises:
        Unusable: nothing that could be a name.
    """
    name = asked.strip()
    if len(name) == LENGTH and not set(name) - set("0123456789abcdef"):
        return Job(name, authors=[name])
    # Of an address, its last part is the handle: https://mastodon.example/@lea
    names = [name, *list(names_in(name))[-2:]] if "://" in name else [name]
    if not name.strip("@ "):
        raise Unusable("--author {name}: write a pseudonym or a public name", name=asked)
    secret = store.secret()
    keys = {pseudonym(guise, secret) for one in names for guise in guises(one)}
    keys |= {named(one, secret) for one in names}
    return Job(name, authors=sorted(keys), names=names)


def channel_job(store: Store, asked: str, *, ahead: bool = False) -> Job:
    """The erasure of a channel: by channel_id or address; `ahead` of its first crawl, too.

    Raises:
        Unusable: it is no channel's.
    """
    known = store.scan("channels").filter(
        (pl.col("channel_id") == asked) | (pl.col("url") == asked) | (pl.col("account") == asked)
    )
    found = known.select("channel_id").collect()["channel_id"].to_list()
    if not found:
        found = [f"{platform}:{account}" for platform, account in claimants(asked)]
    if not found and (asked.partition(":")[0] in platforms() if ahead else _is_held(store, asked)):
        found = [asked]
    if len(found) != 1:
        raise Unusable(
            "--channel {name}: no such channel; `vigie export channels` lists them", name=asked
        )
    return Job(found[0], channels=found)


def _is_held(store: Store, channel_id: str) -> bool:
    """Whether rows of a channel are there that no watchlist names any more, or it was erased."""
    if erased_channels(store, [channel_id]):
        return True
    mine = pl.col("channel_id") == channel_id
    return any(
        not store.scan(table).filter(mine).head(1).collect().is_empty()
        for table in ("posts", "pages")
    )


def looked_up(store: Store, job: Job) -> tuple[Job, Doomed]:
    """The job with all that the archive says of whom it asks for, and what it takes out."""
    secret = store.secret()
    found, left = forgetting.Shown(names=set(job.names)), {}
    if job.authors or job.channels:
        asked = {named(name, secret) for name in (*job.names, *_accounts(store, job.channels))}
        about = Terms(
            secret=secret, authors=frozenset(job.authors), accounts=frozenset(asked),
            topics=frozenset(topic_channels(store)),
        )  # fmt: skip
        found = forgetting.shown(store, about, job.names)
        left = forgetting.left_of(found, about)
    authors = sorted({*job.authors, *found.authors}) if job.authors else []
    names = sorted({*job.names, *found.names}) if job.authors else job.names
    full = Job(job.asked, authors, names, job.channels, job.before)
    if job.before is not None:
        return full, by_date(store, job.before)
    if job.channels:
        return full, by_channel(store, job.channels[0], left)
    return full, by_author(store, authors, found, left)


def _accounts(store: Store, channel_ids: list[str]) -> list[str]:
    """The names by which topics and reposts know channels; a site or a search is no such name."""
    accounts = [one.partition(":")[2] for one in set(channel_ids) - topic_channels(store)]
    return [name for name in accounts if "/" not in name and not name.startswith("#")]


def carry_out(store: Store, job: Job, step: Told = lambda _: None) -> dict[str, int]:
    """Erase; the rows taken out, by table.

    Raises:
        FellShort: others write to the lake and did not end in time.
    """
    with _alone(store):
        complete(store, step)
        return _carry_out(store, job, step)


def complete(store: Store, step: Told = lambda _: None) -> bool:
    """Complete the erasure that a kill left; whether there was one."""
    if (left := store.state(PENDING)) is None:
        return False
    with _alone(store):
        _carry_out(store, msgspec.convert(left, Job), step)
    return True


@contextlib.contextmanager
def _alone(store: Store) -> Iterator[None]:
    try:
        with lock.alone(store.root, PATIENCE_S):
            yield
    except lock.BusyError:
        raise FellShort(
            "{lake}: somebody is writing there; try again when it is done", lake=store.root
        ) from None


def _carry_out(store: Store, job: Job, step: Told) -> dict[str, int]:
    step("looking")
    progress.forget(store.root)
    logs.forget(store.root)
    job, doomed = looked_up(store, job)
    store.set_state(PENDING, msgspec.to_builtins(job))
    build.mark_rewritten(store)
    step("erasing")
    _remember(store, job)
    erasure.replace_bodies(store, doomed.pages, "channel" if job.channels else "author")
    if not (said := doomed.rows.get("comments", pl.DataFrame())).is_empty():
        erasure.unhook(store, said["comment_id"], doomed.replies)
    for table, keys in doomed.rows.items():
        if table == "pages":
            erasure.drop_pages(store, keys["page_id"])
        else:
            store.remove(table, keys)
    erasure.unname(store, job.names)
    _forget_states(store, job.channels)
    step("build")
    _rebuild(store)
    step("purge")
    history.forget(store.root, job.channels, job.names, job.before)
    store.purge()
    store.set_state(PENDING, {})
    store.purge(["state"])
    store.remove("state", pl.DataFrame({"name": [PENDING]}))
    return doomed.counts()


def allow(store: Store, job: Job) -> int:
    """Let whom the job asks for be stored again; how many marks of an erasure were taken away."""
    asked = pl.DataFrame({"asked": [named(job.asked, store.secret())]})
    return store.remove("erasures", asked)


def _remember(store: Store, job: Job) -> None:
    """So that no crawl, replay or recovery brings back what goes."""
    at, secret = datetime.now(UTC), store.secret()
    accounts = (*job.names, *_accounts(store, job.channels))
    keys = {
        "author": set(job.authors),
        "account": {named(name, secret) for name in accounts},
        "channel": {pseudonym(one, secret) for one in job.channels},
    }
    for kind, hashes in keys.items():
        erasure.remember(store, kind, hashes, named(job.asked, secret), at)
    if job.before is not None:
        oldest_kept(store, posts=job.before, comments=job.before)


def oldest_kept(store: Store, **since: datetime) -> None:
    """Store no posts or comments older than these times again; never an earlier time than now."""
    kept = store.state(OLDEST) or {}
    told = {name: max(kept.get(name, ""), at.isoformat()) for name, at in since.items()}
    if {**kept, **told} != kept:
        store.set_state(OLDEST, {**kept, **told})


def _forget_states(store: Store, channel_ids: list[str]) -> None:
    """Take channels out of the marks of crawls and imports."""
    for channel_id in channel_ids:
        listing = f"listings:{channel_id.partition(':')[0]}"
        if channel_id in (marks := store.state(listing) or {}):
            store.set_state(listing, {key: at for key, at in marks.items() if key != channel_id})
        if channel_id in (kept := store.state(IMPORTED) or {}).get("channels", {}):
            entity = kept["channels"].pop(channel_id)["entity_id"]
            if entity not in {one["entity_id"] for one in kept["channels"].values()}:
                kept["entities"].pop(entity, None)
            store.set_state(IMPORTED, kept)


def _rebuild(store: Store) -> None:
    """Every out table anew from what is left, the content types fitted again."""
    state = store.state(build.STATE) or {}
    if state.get("content_types"):
        # Of an age that a build takes for outdated; its types keep their ids where they live on.
        state["content_types"]["fitted_at"] = LONG_AGO
        store.set_state(build.STATE, state)
    if (at := latest_run(store)) is not None:
        timezone = (store.state("market") or {}).get("timezone", "UTC")
        build.build_lake(store, at, timezone, full=True)
        return
    for table, contract in OUT.items():
        store.replace(table, contract.create_empty())
    store.remove("state", pl.DataFrame({"name": [build.STATE]}))
