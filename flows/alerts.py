"""Alerts: what somebody should look at today, worded, with its evidence, raised once.

The detectors are pure and live in `features.signals`; here their signals get a subject (what
makes two of them the same), a sentence in the market's language, and the pages behind them.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl

from dashboard import alerted
from data.mutes import Mutes
from data.store import Store, hashed
from data.vocabulary import ALL
from features import community, reputation, signals
from flows.watching import drift

BUZZ_DAYS: Final = 7
"""Days looked back for bad buzz, and days in which one entity's buzz is the same one."""
TREND_WEEKS: Final = 4
"""Weeks in which a rise of the same thing is the same rise."""
BROKEN_RUNS: Final = 3
"""Fruitless runs in a row from which a broken source is critical."""
DRIFT_DAYS: Final = 7
"""Days in which a field that a source loses again is lost for the same reason."""
MOST_EVIDENCE: Final = 20


class Found(NamedTuple):
    """An alert to be. `ids` are those under which it would be known by now, its own first."""

    ids: list[str]
    kind: str
    entity_id: str | None
    severity: str
    title: str
    post_ids: list[str]
    page_ids: list[str]
    key: str | None = None
    value: float | None = None
    usual: float | None = None
    reason: str | None = None


def raise_alerts(store: Store, at: datetime) -> pl.DataFrame:
    """Write the alerts that were never raised before and that nobody muted; they are returned.

    Args:
        store: the lake, built as of `at`.
        at: the run's reference time.
    """
    alerts = store.scan("alerts")
    known = set(alerts.select("alert_id").collect()["alert_id"])
    muted = Mutes.on(store.scan("alert_mutes").collect(), at.date())
    rows = []
    for found in detect(store, at):
        subject = (found.kind, found.entity_id, found.key)
        if known.isdisjoint(found.ids) and not muted.cover(found.ids[0], *subject):
            known.add(found.ids[0])
            evidence = {"post_ids": found.post_ids, "page_ids": found.page_ids}
            told = {"alert_id": found.ids[0], "raised_at": at, "evidence": evidence}
            rows.append({**found._asdict(), **told})
    schema = alerts.collect_schema()
    fresh = pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
    if not fresh.is_empty():
        store.insert("alerts", fresh)
    return fresh


def detect(store: Store, at: datetime) -> Iterator[Found]:
    """Everything that the lake says is worth an alert at this time, raised before or not."""
    market = store.state("market") or {}
    words = Words(store, market.get("language", "en"))
    posts = store.scan("post_features").filter(pl.col("published_at") <= at).collect()
    yield from _breakouts(posts, at, words)
    yield from _silent(posts, at, words)
    yield from _rising(at, words)
    yield from _bad_buzz(posts, at, market.get("timezone", "UTC"), words)
    yield from _broken(at, words)
    yield from _drifted(at, words)


def labels_of(store: Store) -> dict[str, str]:
    """type_id → label of the latest clustering that has it."""
    named = store.scan("content_types").sort("version").select("type_id", "label")
    return dict(named.collect().iter_rows())


class Words:
    """Names and pages for what the detectors know by id."""

    def __init__(self, store: Store, language: str) -> None:
        self.store = store
        self.language = language
        self.names: dict[str, str] = dict(
            store.scan("entities").select("entity_id", "name").collect().iter_rows()
        )
        self.labels = labels_of(store)

    def worded(self, row: dict[str, Any]) -> str:
        """The sentence of an alert, in the market's language."""
        return alerted.said_in(self.language, row, self.names, self.labels)

    def found(
        self,
        signal: dict[str, Any],
        subject: str,
        earlier: list[str] | None = None,
        key: str | None = None,
    ) -> Found:
        """An alert on a signal about a subject; `earlier` subjects are the same one, older."""
        kind, entity_id = signal["kind"], signal["entity_id"]
        ids = [hashed(kind, entity_id or ALL, one) for one in (subject, *(earlier or ()))]
        post_ids = signal["post_ids"][:MOST_EVIDENCE]
        pages = self.store.scan("posts").filter(pl.col("post_id").is_in(post_ids))
        page_ids = pages.select(pl.col("page_id").unique().sort()).collect()["page_id"]
        title = self.worded({**signal, "key": key})
        return Found(
            ids, kind, entity_id, signal["severity"], title, post_ids, page_ids.to_list(), key,
            signal["value"], signal["usual"],
        )  # fmt: skip


def _breakouts(posts: pl.DataFrame, at: datetime, words: Words) -> Iterator[Found]:
    for signal in signals.breakouts(posts, at).iter_rows(named=True):
        yield words.found(signal, signal["post_ids"][0])


def _silent(posts: pl.DataFrame, at: datetime, words: Words) -> Iterator[Found]:
    entities = words.store.scan("entities").collect()
    for signal in signals.silent(posts, entities, at).iter_rows(named=True):
        yield words.found(signal, signal["post_ids"][0])


def _rising(at: datetime, words: Words) -> Iterator[Found]:
    trends = words.store.scan("trends").collect()
    weeks: list[date] = trends.filter(pl.col("week") <= at.date())["week"].to_list()
    if not weeks:
        return
    week = max(weeks)
    for signal in signals.rising(trends, week).iter_rows(named=True):
        thing = f"{signal['trend']}/{signal['key']}"
        first, *earlier = (
            f"{thing}/{week - timedelta(weeks=number)}" for number in range(TREND_WEEKS)
        )
        yield words.found(signal, first, earlier, thing)


def _bad_buzz(posts: pl.DataFrame, at: datetime, timezone: str, words: Words) -> Iterator[Found]:
    asked = community.questions(words.store.scan("comments"), posts.lazy(), at, timezone)
    daily = reputation.daily(asked, timezone).collect()
    today = at.astimezone(ZoneInfo(timezone)).date()
    for age in reversed(range(BUZZ_DAYS)):
        day = today - timedelta(days=age)
        for signal in signals.bad_buzz(daily, day).iter_rows(named=True):
            earlier = [str(day - timedelta(days=back)) for back in range(1, BUZZ_DAYS + 1)]
            yield words.found(signal, str(day), earlier)


def _broken(at: datetime, words: Words) -> Iterator[Found]:
    """Channels whose latest run brought nothing and failed; the same until a run succeeds."""
    store = words.store
    watched = store.scan("channels").select("channel_id", "entity_id")
    runs = store.scan("coverage").filter(pl.col("started_at") <= at).join(watched, on="channel_id")
    fruitless = ~pl.col("complete") & (pl.col("posts") == 0)
    latest = (
        runs.sort("channel_id", "started_at", "run_id")
        .group_by("channel_id", maintain_order=True)
        .agg(
            pl.col("entity_id", "run_id", "reason").last(),
            bad=fruitless.last(),
            since=pl.col("run_id").filter(~fruitless).last().fill_null("never"),
            runs=fruitless.reverse().cum_prod().sum(),
        )
        .filter("bad")
    )
    for row in latest.collect().iter_rows(named=True):
        told = {"kind": "source_broken", "key": row["channel_id"], "reason": row["reason"] or "-"}
        pages = store.scan("pages").filter(
            pl.col("run_id") == row["run_id"], pl.col("channel_id") == row["channel_id"]
        )
        page_ids = pages.select(pl.col("page_id").sort().head(MOST_EVIDENCE)).collect()["page_id"]
        yield Found(
            ids=[hashed("source_broken", row["channel_id"], row["since"])],
            kind=told["kind"],
            entity_id=row["entity_id"],
            severity="critical" if row["runs"] >= BROKEN_RUNS else "warning",
            title=words.worded(told),
            post_ids=[],
            page_ids=page_ids.to_list(),
            key=told["key"],
            reason=told["reason"],
        )


def _drifted(at: datetime, words: Words) -> Iterator[Found]:
    """Sources that lack a field since the newest crawl; the same until it is there again."""
    for fall in drift.falls(words.store, at):
        # The last good day may seem a day later once more is known of it.
        days = [fall.since - timedelta(days=back) for back in (0, -1, *range(1, DRIFT_DAYS))]
        subjects = dict.fromkeys((fall.source, fall.platform))
        reason = alerted.lost(fall.field, fall.n, fall.n_usual)
        told = {"kind": "source_broken", "key": fall.source, "value": fall.now,
                "usual": fall.usual, "reason": reason}  # fmt: skip
        about = [(one, fall.field, str(day)) for one in subjects for day in days]
        yield Found(
            [hashed("source_broken", *one) for one in about], "source_broken", fall.entity_id,
            "warning", words.worded(told), fall.post_ids, fall.page_ids, fall.source, fall.now,
            fall.usual, reason,
        )  # fmt: skip
