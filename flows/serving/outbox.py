"""Which alerts were sent where, kept in the lake.

An alert is noted as sent after the service took it: a kill in between sends one message again
(the one to the address in hand), and none is ever lost. An address that is new hears of what is
raised from then on. The note knows an address by a slow salted hash, never by itself.
"""

import hashlib
import os
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import polars as pl
from pydantic import SecretStr

from dashboard import alerted
from data.delivery import Delivery, Notice
from data.mutes import Mutes
from data.store import Store
from data.vocabulary import SEVERITIES
from flows.alerts import labels_of
from flows.serving import digest, posting
from flows.watching import shortfall
from flows.watching.shortfall import Short

STATE: Final = "notified"
KEPT_DAYS: Final = 30
"""Days for which an alert that could not be sent is tried again."""
COST: Final = {"n": 2**12, "r": 8, "p": 1}
"""Of the hash: some milliseconds an address."""
Rows = list[dict[str, Any]]


class Posted(NamedTuple):
    """What came of a delivery: alerts sent, held back for quiet hours, addresses that failed.

    `told`: addresses that were told what the run fell short of.
    """

    sent: int = 0
    held: int = 0
    failed: tuple[str, ...] = ()
    told: int = 0


class Notes:
    """What the lake knows of each address: alerts dealt with, and days of reports sent."""

    def __init__(self, store: Store) -> None:
        self.store = store
        kept = store.state(STATE) or {}
        self.salt: str = kept.get("salt") or os.urandom(16).hex()
        self.addresses: dict[str, dict[str, Any]] = kept.get("addresses", {})

    def of(self, address: SecretStr, *more: str) -> dict[str, Any] | None:
        """The note on an address; None where it is new."""
        return self.addresses.get(self.key(address, *more))

    def key(self, address: SecretStr, *more: str) -> str:
        """What an address (and its report) is known by."""
        told = "\n".join((address.get_secret_value(), *more)).encode()
        return hashlib.scrypt(told, salt=bytes.fromhex(self.salt), dklen=16, **COST).hex()

    def keep(self) -> None:
        """Write the notes into the lake."""
        self.store.set_state(STATE, {"salt": self.salt, "addresses": self.addresses})


def enrol(store: Store, told: Delivery, today: date) -> None:
    """Note the addresses that are new, before a run raises what is theirs; drop those that left."""
    notes = Notes(store)
    recent = [row["alert_id"] for row in _recent(store)]
    past = shortfall.noted(store)
    wanted: dict[str, dict[str, Any]] = {}
    for notice in told.alerts:
        wanted[notes.key(notice.url)] = {"known": recent, "fell": past}
    for order in told.reports:
        # Due today still counts; what was due before the order was written does not.
        before = order.last_due(today - timedelta(days=1))
        wanted[notes.key(order.to, order.every, order.format)] = {"last": before.isoformat()}
    merged = {key: notes.addresses.get(key, fresh) for key, fresh in wanted.items()}
    if merged != notes.addresses:
        notes.addresses = merged
        notes.keep()


def deliver(store: Store, told: Delivery, at: datetime, dashboard: str) -> Posted:
    """Send each address what it has not had yet, in one message.

    Args:
        store: the lake, after a run.
        told: the watchlist's addresses, all of them enrolled.
        at: the time now.
        dashboard: address of the dashboard.
    """
    notes = Notes(store)
    recent = _recent(store)
    muted = _muted(store, recent, at.date())
    local = at.astimezone(ZoneInfo(told.timezone))
    quiet = told.quiet_hours is not None and told.quiet_hours.covers(local)
    short = _short(store, recent, at)
    sent = held = done = 0
    failed = []
    for place, notice in enumerate(told.alerts):
        note = notes.of(notice.url)
        if note is None:
            continue
        heard = [row for row in recent if row["alert_id"] not in muted]
        due, wait, skipped = _sorted_out(heard, set(note["known"]), notice, quiet=quiet)
        fell = _untold(short, note, notice)
        held += len(wait) + (quiet and fell is not None)
        fell = None if quiet else fell
        message = _message(store, due, fell, told, dashboard) if due or fell else None
        if message is not None and not posting.send(notice.url, message):
            failed.append(label(place, notice.url))
            due, fell = [], None
        sent += len(due)
        done += fell is not None
        known = {row["alert_id"] for row in recent} & set(note["known"])
        known |= {row["alert_id"] for row in (*due, *skipped)} | muted
        if fell is not None or known != set(note["known"]):
            note["known"] = sorted(known)
            note["fell"] = note.get("fell") if fell is None else fell.run_id
            notes.keep()
    return Posted(sent, held, tuple(failed), done)


def tell_failure(told: Delivery, problem: str) -> Posted:
    """Tell every address that a run failed, quiet hours or not."""
    message = digest.of_failure(problem, told.market, told.language)
    failed = [
        label(place, notice.url)
        for place, notice in enumerate(told.alerts)
        if not posting.send(notice.url, message)
    ]
    return Posted(failed=tuple(failed))


def label(place: int, address: SecretStr) -> str:
    """How an address is called in messages: `alerts[0] (mailto)`."""
    return f"alerts[{place}] ({posting.kind_of(address)})"


def _sorted_out(
    recent: Rows, known: set[str], notice: Notice, *, quiet: bool
) -> tuple[Rows, Rows, Rows]:
    """Alerts that an address is due, that wait for the end of quiet hours, that it never gets."""
    due: Rows = []
    wait: Rows = []
    skipped: Rows = []
    least = SEVERITIES.index(notice.at_least)
    for row in recent:
        if row["alert_id"] in known:
            continue
        if SEVERITIES.index(row["severity"]) < least:
            skipped.append(row)
        elif quiet and row["severity"] != "critical":
            wait.append(row)
        else:
            due.append(row)
    return due, wait, skipped


def _untold(short: Short | None, note: dict[str, Any], notice: Notice) -> Short | None:
    """What an address has not been told of yet; those that want critical alerts only never are."""
    if short is None or note.get("fell") == short.run_id:
        return None
    return short if SEVERITIES.index(notice.at_least) <= SEVERITIES.index("warning") else None


def _short(store: Store, recent: Rows, at: datetime) -> Short | None:
    """What the run fell short of, but for channels of which an alert tells or that are muted."""
    if (short := shortfall.waiting(store, at, KEPT_DAYS)) is None:
        return None
    kind = "source_broken"
    said = {row["key"] for row in recent
            if row["kind"] == kind and row["raised_at"] >= short.began}  # fmt: skip
    mutes = Mutes.on(store.scan("alert_mutes").collect(), at.date())
    owner = dict(store.scan("channels").select("channel_id", "entity_id").collect().iter_rows())
    left = [
        (name, reason) for name, reason in short.channels
        if name not in said and not mutes.cover("", kind, owner.get(name), name)
    ]  # fmt: skip
    return short._replace(channels=left) if left else None


def _message(
    store: Store, due: Rows, fell: Short | None, told: Delivery, dashboard: str
) -> digest.Message:
    urls = _urls(store, (post for row in due for post in row["evidence"]["post_ids"] or []))
    who = dict(store.scan("entities").select("entity_id", "name").collect().iter_rows())
    labels = labels_of(store)
    worded = [
        {**row, "title": alerted.said_in(told.language, row, who, labels)} for row in due
    ]  # fmt: skip
    return digest.of_run(worded, urls, fell, told.market, told.language, dashboard)


def _recent(store: Store) -> Rows:
    newest = pl.col("raised_at").max()
    late = pl.col("raised_at") >= newest - pl.duration(days=KEPT_DAYS)
    return store.scan("alerts").filter(late).sort("raised_at", "alert_id").collect().to_dicts()


def _muted(store: Store, rows: Rows, day: date) -> set[str]:
    """alert_ids of those among these that somebody muted."""
    held = Mutes.on(store.scan("alert_mutes").collect(), day)
    names = ("alert_id", "kind", "entity_id", "key")
    return {row["alert_id"] for row in rows if held.cover(*(row[name] for name in names))}


def _urls(store: Store, post_ids: Iterable[str]) -> dict[str, str]:
    wanted = pl.col("post_id").is_in(list(post_ids)) & pl.col("url").is_not_null()
    return dict(store.scan("posts").filter(wanted).select("post_id", "url").collect().iter_rows())
