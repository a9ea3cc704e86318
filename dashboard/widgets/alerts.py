"""What somebody should look at today, and what nobody wants to hear of for now."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import access, alerted, edits, i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import people, states
from dashboard.widgets.cards import POSTS, who
from dashboard.widgets.filters import address
from dashboard.widgets.safe import esc

FIRST: Final = 3
"""Alerts shown before one asks for more."""
DAYS: Final = (7, 30, 365)
"""For how long an alert can be muted."""

Row = dict[str, Any]


def _worded(row: Row) -> str:
    """The alert's sentence in the reader's language."""
    labels = queries.content_types().select("type_id", "label")
    return alerted.title(row, people.by_name(queries.entities()), dict(labels.iter_rows()))


def _line(row: Row, *, muted: bool = False) -> None:
    text, open_it, mute = st.columns([9, 2, 2], vertical_alignment="center")
    told = _worded(row)
    name = who(row["entity_id"])[0] if row["entity_id"] else ""
    more = [name] if name and not told.startswith(name) else []
    text.html(
        f'<div class="v-alert"><span class="v-chip v-{esc(row["severity"])}">'
        f"{esc(names.alert(row['kind']))}</span><span>{esc(told)} "
        f"<small>{esc(' · '.join([*more, i18n.day(row['raised_at'])]))}</small></span></div>"
    )
    posts, pages = row["post_ids"], row["page_ids"]
    if posts:
        open_it.page_link(POSTS, label=_("Open"), query_params=address(post=posts[0]))
    elif pages:
        open_it.page_link(POSTS, label=_("Open"), query_params=address(page=pages[0]))
    if access.may_edit():
        with mute:
            _unmute(row) if muted else _mute(row)


def _mute(row: Row) -> None:
    with st.popover(_("Mute"), type="tertiary", key=f"mute-{row['alert_id']}"):
        st.caption(
            _("Neither this alert nor others on the same subject are shown, raised or sent.")
        )
        for days in DAYS:
            words = ngettext("For {n} day", "For {n} days", days)
            if st.button(words, key=f"mute-{days}-{row['alert_id']}", type="tertiary"):
                edits.mute_alert(row, datetime.now(UTC).date() + timedelta(days=days))
                st.rerun()


def _unmute(row: Row) -> None:
    if st.button(_("Unmute"), key=f"unmute-{row['alert_id']}", type="tertiary"):
        edits.unmute_alert(row)
        st.rerun()


def _apart(alerts: pl.DataFrame) -> tuple[list[Row], list[Row]]:
    """Alerts to show, and those that are muted today."""
    rows = list(alerts.iter_rows(named=True))
    held = queries.muted(alerts, datetime.now(UTC).date())
    heard = [row for row, muted in zip(rows, held, strict=True) if not muted]
    return heard, [row for row, muted in zip(rows, held, strict=True) if muted]


def strip(most: int = FIRST, keep: Callable[[Row], bool] | None = None) -> None:
    """The latest alerts, each opening the post or page behind it; muted ones only on demand.

    With `keep`, those that it keeps, and a line where there is none; else nothing is said then.
    """
    found, muted = _apart(queries.alerts())
    if keep is None and not found and not muted:
        return
    if keep is not None:
        found, muted = [row for row in found if keep(row)], [row for row in muted if keep(row)]
    states.section(_("To look at"))
    if not found:
        states.nothing(_("No alert of weight."))
    for row in found[:most]:
        _line(row)
    if found[most:]:
        with st.expander(_("Earlier alerts ({n})").format(n=len(found[most:]))):
            for row in found[most:]:
                _line(row)
    if muted:
        with st.expander(_("Muted alerts ({n})").format(n=len(muted)), key="muted"):
            for row in muted:
                _line(row, muted=True)
            _held(muted)


def _held(muted: list[Row]) -> None:
    """By whom they were muted, and until when."""
    today = datetime.now(UTC).date()
    about = {(row["kind"], row["entity_id"]) for row in muted}
    for row in queries.mutes().iter_rows(named=True):
        if row["until"] >= today and (row["kind"], row["entity_id"]) in about:
            states.note(
                _("{kind}: until {day} ({who}, {moment})").format(
                    kind=names.alert(row["kind"]), day=i18n.day(row["until"]), who=row["by"],
                    moment=i18n.moment(row["at"]),
                )
            )  # fmt: skip
