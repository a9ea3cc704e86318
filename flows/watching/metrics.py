"""What a monitor asks: how fresh, how complete, how blocked, in Prometheus's text format 0.0.4.

https://prometheus.io/docs/instrumenting/exposition_formats/. Figures are those of each channel's
newest crawl; all are read from the lake, so that a scrape tells the same whoever ran.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import polars as pl

from data import progress
from data.mutes import Mutes
from data.progress import Progress
from data.store import Store
from data.tables import TABLES
from data.vocabulary import ALERT_KINDS, FORBIDDEN, WALLS, reason_key

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
OPEN_DAYS: Final = 7
"""Days for which an alert that nobody muted counts as open."""
BLOCKED: Final = frozenset({*WALLS, FORBIDDEN, "rate_limited", "refused"})
"""Reasons for which a platform shows nothing, though it is there."""
OUTCOMES: Final = ("done", "short", "failed", "stopped", "died", "running")
IMPORT: Final = "import-"

Labels = Mapping[str, str]


class Family(NamedTuple):
    """A gauge: its name, what it means, and its samples."""

    name: str
    meaning: str
    samples: Sequence[tuple[Labels, float]]


def text(families: Iterator[Family]) -> str:
    """The exposition; a family without samples is left out."""
    lines: list[str] = []
    for family in families:
        if not family.samples:
            continue
        meaning = family.meaning.replace("\\", r"\\").replace("\n", r"\n")
        lines += [f"# HELP {family.name} {meaning}", f"# TYPE {family.name} gauge"]
        lines += [
            f"{family.name}{_labels(told)} {_number(value)}" for told, value in family.samples
        ]
    return "".join(f"{line}\n" for line in lines)


def _labels(told: Labels) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in told.items())
    return f"{{{pairs}}}" if pairs else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf"
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def families(store: Store, now: datetime) -> Iterator[Family]:
    """Every gauge, as of a time."""
    crawls = newest(store)
    yield from _channels(crawls, now)
    yield from _platforms(crawls)
    if (run := progress.latest(store.root)) is not None:
        yield from _run(run)
    yield Family(
        "vigie_alerts_open",
        f"Alerts of the last {OPEN_DAYS} days that nobody muted.",
        [({"kind": kind}, count) for kind, count in _open(store, now).items()],
    )
    rows = {name: store.scan(name).select(pl.len()).collect().item() for name in TABLES}
    yield Family(
        "vigie_table_rows", "Rows of a table.", [({"table": name}, n) for name, n in rows.items()]
    )


def newest(store: Store) -> list[dict[str, Any]]:
    """Per watched channel: its platform, its newest crawl, and when it was last complete."""
    crawls = store.scan("coverage").filter(~pl.col("run_id").str.starts_with(IMPORT))
    last = (
        crawls.sort("started_at", "run_id")
        .group_by("channel_id")
        .agg(
            pl.col("pages", "posts", "new_posts", "dropped", "errors", "reason", "complete").last(),
            last_complete=pl.col("started_at").filter("complete").max(),
        )
    )
    watched = store.scan("channels").select("channel_id", "platform")
    rows = watched.join(last, on="channel_id", how="left").sort("channel_id")
    return rows.collect().to_dicts()


def _channels(crawls: list[dict[str, Any]], now: datetime) -> Iterator[Family]:
    def told(row: dict[str, Any]) -> Labels:
        return {"platform": row["platform"], "channel": row["channel_id"]}

    def age(row: dict[str, Any]) -> float:
        last = row["last_complete"]
        return math.inf if last is None else max((now - last).total_seconds(), 0.0)

    yield Family(
        "vigie_channel_freshness_seconds",
        "Time since the channel's last complete crawl began; +Inf where there was none.",
        [(told(row), age(row)) for row in crawls],
    )
    yield Family(
        "vigie_channel_complete",
        "Whether the channel's newest crawl had everything that it asked for.",
        [(told(row), float(bool(row["complete"]))) for row in crawls],
    )
    worst: dict[str, float] = {}
    for row in crawls:
        worst[row["platform"]] = max(worst.get(row["platform"], 0.0), age(row))
    yield Family(
        "vigie_platform_freshness_seconds",
        "The same of the platform's channel that waits for the longest time.",
        [({"platform": name}, value) for name, value in sorted(worst.items())],
    )


def _platforms(crawls: list[dict[str, Any]]) -> Iterator[Family]:
    """Sums over the newest crawls of each platform's channels."""
    rows = [row for row in crawls if row["complete"] is not None]
    of = {
        name: [row for row in rows if row["platform"] == name]
        for name in sorted({row["platform"] for row in rows})
    }

    def family(name: str, meaning: str, value: Any) -> Family:
        samples = [({"platform": key}, float(value(mine))) for key, mine in of.items()]
        return Family(f"vigie_platform_{name}", f"{meaning}, in newest crawls.", samples)

    def asked(row: dict[str, Any]) -> int:
        return int(max(row["pages"], row["errors"]))

    def errors(mine: list[dict[str, Any]]) -> float:
        return _total(mine, "errors") / max(sum(map(asked, mine)), 1)

    def blocked(mine: list[dict[str, Any]]) -> float:
        walled = [row for row in mine if reason_key(row["reason"]) in BLOCKED]
        return len(walled) / len(mine)

    yield family("channels", "Channels crawled", len)
    yield family("error_ratio", "Share of pages that failed", errors)
    yield family("blocked_ratio", "Share of channels that a wall or robots.txt stopped", blocked)
    for name, meaning in (("posts", "Posts read"), ("new_posts", "Posts never seen before"),
                          ("dropped", "Posts that could not be read")):  # fmt: skip
        yield family(name, meaning, lambda mine, name=name: _total(mine, name))


def _total(rows: list[dict[str, Any]], name: str) -> int:
    return sum(int(row[name]) for row in rows)


def _run(run: Progress) -> Iterator[Family]:
    """The run that is under way, else the last one."""
    outcome = "running" if run.is_live else "died"
    if run.end is not None:
        outcome = run.end.state
    yield Family(
        "vigie_run_outcome",
        "1 for how the newest run ended, or that it is still running.",
        [({"outcome": name}, float(name == outcome)) for name in OUTCOMES],
    )
    yield Family(
        "vigie_run_begin_timestamp_seconds",
        "When the newest run began, in Unix time.",
        [({}, run.begin.at.timestamp())],
    )
    if run.end is not None:
        end = run.end.at.timestamp()
        yield Family("vigie_run_end_timestamp_seconds", "When it ended, in Unix time.", [({}, end)])


def _open(store: Store, now: datetime) -> dict[str, float]:
    """Open alerts of every kind."""
    recent = pl.col("raised_at") >= now - timedelta(days=OPEN_DAYS)
    muted = Mutes.on(store.scan("alert_mutes").collect(), now.date())
    counts = dict.fromkeys(ALERT_KINDS, 0.0)
    columns = ("alert_id", "kind", "entity_id", "key")
    for alert in store.scan("alerts").filter(recent).select(columns).collect().iter_rows():
        if not muted.cover(*alert):
            counts[alert[1]] += 1
    return counts
