"""Everything that pages write, each row with who and when; only for those who may edit."""

import getpass
import secrets
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import access, queries
from dashboard.queries.lake import guarded, store
from data.settings import settings
from data.tables import TABLES
from data.watchlist import channels_in

LABEL, NOTE, TAG = 80, 200, 40
"""Most characters of a label, a note, a tag."""


def who() -> str:
    """Whose changes these are: the address signed in with, else the account on this machine."""
    if settings().signs_in:
        return str(st.user.get("email") or st.user.get("name") or st.user.get("sub") or "?")
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "local"


def one_line(text: str, most: int) -> str:
    """The text without line ends and control characters, cut to so many characters."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(shown.split())[:most].strip()


def _may() -> None:
    if not access.may_edit():
        raise PermissionError("viewers change nothing")


def _keep(table: str, row: dict[str, Any]) -> None:
    _may()
    full = row | {"by": who(), "at": datetime.now(UTC)}
    frame = pl.DataFrame([full], schema=TABLES[table].create_empty().schema)
    guarded(lambda: store(queries.address()).merge(table, frame))
    queries.forget()


def _drop(table: str, key: dict[str, str]) -> None:
    _may()
    guarded(lambda: store(queries.address()).remove(table, pl.DataFrame([key])))
    queries.forget()


def _type_edit(type_id: str) -> dict[str, Any]:
    """The edit of a type as it stands; of one that nobody edited yet, one that changes nothing."""
    known = queries.type_edits().filter(pl.col("type_id") == type_id)
    if not known.is_empty():
        return known.row(0, named=True)
    label = dict(queries.content_types().select("type_id", "label").iter_rows()).get(type_id)
    return {"type_id": type_id, "label": None, "merged_into": None, "was": label or type_id}


def rename_type(type_id: str, label: str) -> None:
    """Call a content type by this name from now on; an empty name changes nothing."""
    if name := one_line(label, LABEL):
        _keep("type_edits", _type_edit(type_id) | {"label": name})


def merge_type(type_id: str, into: str) -> None:
    """Count a content type as another one from now on, which may not be itself in the end."""
    root = queries.type_merges().get(into, into)
    if root != type_id:
        _keep("type_edits", _type_edit(type_id) | {"merged_into": root})


def undo_type(type_id: str) -> None:
    """Take back what was done to a content type; who and when stays on record."""
    _keep("type_edits", _type_edit(type_id) | {"label": None, "merged_into": None})


def add_note(day: date, text: str, entity_id: str | None) -> None:
    """Note what happened on a day; an empty text changes nothing."""
    if words := one_line(text, NOTE):
        row = {"note_id": secrets.token_hex(8), "day": day, "text": words, "entity_id": entity_id}
        _keep("notes", row)


def drop_note(note_id: str) -> None:
    """Take a note away."""
    _drop("notes", {"note_id": note_id})


def tag_post(post_id: str, tag: str) -> None:
    """Put a word on a post; an empty one changes nothing."""
    if word := one_line(tag, TAG):
        _keep("post_tags", {"post_id": post_id, "tag": word})


def untag_post(post_id: str, tag: str) -> None:
    """Take a word off a post."""
    _drop("post_tags", {"post_id": post_id, "tag": tag})


def watchlist_saved(file: str, before: str, after: str) -> None:
    """Note that the watchlist was changed: how much of it, not what."""
    lines = Counter(after.splitlines()), Counter(before.splitlines())
    channels = Counter(channels_in(after)), Counter(channels_in(before))
    counts = {
        f"{name}_{verb}": (now - then).total()
        for name, (new, old) in {"lines": lines, "channels": channels}.items()
        for verb, now, then in (("added", new, old), ("removed", old, new))
    }
    _keep("watchlist_edits", {"edit_id": secrets.token_hex(8), "file": file, **counts})


def mute_alert(alert: dict[str, Any], until: date) -> None:
    """Hear no more of an alert's subject up to a day; `alert` is a row of `alerts`."""
    row = {name: alert[name] for name in ("alert_id", "kind", "entity_id", "key")}
    _keep("alert_mutes", row | {"until": until})


def unmute_alert(alert: dict[str, Any]) -> None:
    """Hear of an alert's subject again: every mute of it goes."""
    same = pl.col("alert_id") == alert["alert_id"]
    subject = [pl.col(name).eq_missing(alert[name]) for name in ("kind", "entity_id", "key")]
    for alert_id in queries.mutes().filter(same | pl.all_horizontal(subject))["alert_id"]:
        _drop("alert_mutes", {"alert_id": alert_id})
