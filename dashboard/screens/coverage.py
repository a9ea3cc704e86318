"""What the last runs brought, what fell short and why, and what platforms hide."""

import re
from datetime import datetime
from typing import Any, Final

import polars as pl

from dashboard import i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import alerts, filters, people, states
from dashboard.widgets.safe import esc, link, shorten
from data import vocabulary

Row = dict[str, Any]
CLOSED: Final = (*vocabulary.WALLS, vocabulary.FORBIDDEN)
"""Reasons for which no robot will have the channel, so that another way is named."""


def _facts() -> dict[str, Row]:
    """What each platform says of itself; nothing in a lake that an older version wrote."""
    return {row["platform"]: row for row in queries.platform_facts().iter_rows(named=True)}


def _called(name: str, facts: dict[str, Row]) -> str:
    return names.platform(name, facts[name]["title"] if name in facts else None)


def _way(facts: Row) -> str:
    """The lawful way to what a platform refuses robots, its commands set apart."""
    text = esc(facts["alternative_fr" if i18n.lang() == "fr" else "alternative_en"])
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def _why(row: Row, facts: Row | None) -> str:
    """Why a channel fell short, and what to do where its platform refused."""
    reason = row["reason"] or ""
    if facts is None or vocabulary.reason_key(reason) not in CLOSED:
        return esc(shorten(names.reason(reason), 300) or _("fell short without saying why"))
    why = shorten(names.reason(reason.partition(vocabulary.LAWFUL)[0]), 300)
    return f"{esc(why)}<br><b>{esc(_('Instead:'))}</b> {_way(facts)}<br>"


def _outcome(row: Row, facts: Row | None) -> str:
    if row["run_id"] is None:
        return f'<span class="v-chip">{esc(_("not visited yet"))}</span>'
    if row["complete"]:
        return f'<span class="v-chip v-ahead">{esc(_("complete"))}</span>'
    if row["last_complete_at"] is None:
        since = _("never complete so far")
    else:
        since = _("last complete {day}").format(day=i18n.day(row["last_complete_at"]))
    why = _why(row, facts)
    return (
        f'<span class="v-chip v-behind">{esc(_("fell short"))}</span> '
        f'<small class="v-why">{why}'
        f"{'' if why.endswith('<br>') else ' · '}{esc(since)}</small>"
    )


def _date(value: datetime | None) -> str:
    return f"<nobr>{esc(i18n.day(value))}</nobr>"


def _counted(row: Row) -> str:
    if row["run_id"] is None:
        return i18n.NONE
    new = ngettext("{n} new", "{n} new", row["new_posts"])
    lost = [
        ngettext("{n} unreadable", "{n} unreadable", row["dropped"]) if row["dropped"] else "",
        ngettext("{n} failed page", "{n} failed pages", row["errors"]) if row["errors"] else "",
    ]
    small = ", ".join(filter(None, [new, *lost]))
    return f"{i18n.decimal(row['posts'])} <small>({esc(small)})</small>"


def _how_many(complete: int, channels: int) -> str:
    if complete == channels > 0:
        return ngettext(
            "The only channel was complete in its last run.",
            "All {n} channels were complete in their last run.",
            channels,
        )
    words = _(
        "{complete} of {all} channels were complete in their last run; the others come first."
    )
    return words.format(complete=i18n.decimal(complete), all=i18n.decimal(channels))


def _runs(scope: queries.Scope) -> None:
    fresh, facts = queries.freshness(), _facts()
    rows = people.named(
        queries.coverage()
        .filter(scope.where(), scope.on_platform())
        .join(fresh, on="channel_id", how="left", maintain_order="left")
    ).sort("complete", maintain_order=True, nulls_last=True)
    complete = int(rows["complete"].sum())
    states.section(_("Channels"), _how_many(complete, rows.height))
    heads = (_("Channel"), _("Outcome"), _("Posts read"), _("Last run"), _("Latest post"))
    lines = [
        (
            (
                f"<b>{esc(row['name'])}</b><br><small>{esc(_called(row['platform'], facts))} · "
                f"{link(row['url'], shorten(row['account'], 44))}</small>"
            ),
            _outcome(row, facts.get(row["platform"])),
            _counted(row),
            _date(row["started_at"]),
            _date(row["last_post_at"]),
        )
        for row in rows.iter_rows(named=True)
    ]
    states.table(heads, lines)


def _share(value: float | None) -> str:
    if not value:
        return f"<small>{esc(_('never shown'))}</small>"
    return f"<b>{esc(i18n.percent(value, 0))}</b>"


def _truth() -> None:
    states.section(
        _("What platforms show"),
        _(
            "Share of posts for which each figure could be had. What a platform hides stays empty; "
            "it is never guessed."
        ),
    )
    rows, facts = queries.platform_truth(), _facts()
    if rows.is_empty():
        states.nothing(_("No post has been read yet."))
        return
    heads = (
        _("Platform"), _("Posts (n)"), _("Likes, comments or shares"), _("Followers"), _("Views"),
    )  # fmt: skip
    lines = [
        (
            f"<b>{esc(_called(row['platform'], facts))}</b>",
            i18n.decimal(row["n"]),
            *(_share(row[name]) for name in ("engagement", "followers", "views")),
        )
        for row in rows.iter_rows(named=True)
    ]
    states.table(heads, lines, numbers=(1, 2, 3, 4))


def _reading(scope: queries.Scope) -> None:
    """How the watched platforms are read; nothing in a lake that an older version wrote."""
    watched = queries.coverage().filter(scope.where(), scope.on_platform())["platform"]
    rows = queries.platform_facts().filter(pl.col("platform").is_in(watched.unique().implode()))
    if rows.is_empty():
        return
    states.section(
        _("How platforms are read"),
        _(
            "Only what anyone may see, without signing in. Well tried: held against many real "
            "answers of the platform; little tried: against few."
        ),
    )
    heads = (_("Platform"), _("Read through"), _("Confidence"), _("Never shown"))
    lines = [
        (
            f"<b>{link(row['docs'], names.platform(row['platform'], row['title']))}</b>",
            esc(names.access(row["access"])),
            f'<span class="v-chip">{esc(names.confidence(row["confidence"]))}</span>',
            esc(", ".join(names.hidden(name) for name in row["hides"]) or i18n.NONE),
        )
        for row in rows.iter_rows(named=True)
    ]
    states.table(heads, lines)


def _lede() -> str:
    ran = queries.coverage()["started_at"].max()
    if ran is None:
        return _("No run is recorded yet.")
    return _("Last run {moment}").format(moment=i18n.stamp(queries.as_of()))


def show() -> None:
    """The page."""
    states.head(_("Coverage"), _("What we have, and what we could not get"), _lede())
    alerts.strip()
    scope = filters.scope()
    _runs(scope)
    _reading(scope)
    _truth()
    states.note(
        _("Lake: {path} · {posts}").format(
            path=queries.address(),
            posts=ngettext("{n} own post", "{n} own posts",
                           int(queries.platform_truth().select(pl.col("n").sum()).item() or 0)),
        )
    )  # fmt: skip


show()
