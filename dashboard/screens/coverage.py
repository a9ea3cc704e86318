"""What the last runs brought, what fell short and why, and what platforms hide."""

from datetime import datetime
from typing import Any

import polars as pl

from dashboard import i18n, names, queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import alerts, filters, people, states
from dashboard.widgets.safe import esc, link, shorten

Row = dict[str, Any]


def _outcome(row: Row) -> str:
    if row["run_id"] is None:
        return f'<span class="v-chip">{esc(_("not visited yet"))}</span>'
    if row["complete"]:
        return f'<span class="v-chip v-ahead">{esc(_("complete"))}</span>'
    why = names.reason(row["reason"]) or _("fell short without saying why")
    if row["last_complete_at"] is None:
        since = _("never complete so far")
    else:
        since = _("last complete {day}").format(day=i18n.day(row["last_complete_at"]))
    return (
        f'<span class="v-chip v-behind">{esc(_("fell short"))}</span> '
        f"<small>{esc(shorten(why, 300))} · {esc(since)}</small>"
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
    fresh = queries.freshness()
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
                f"<b>{esc(row['name'])}</b><br><small>{esc(names.platform(row['platform']))} · "
                f"{link(row['url'], shorten(row['account'], 44))}</small>"
            ),
            _outcome(row),
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
    rows = queries.platform_truth()
    if rows.is_empty():
        states.nothing(_("No post has been read yet."))
        return
    heads = (
        _("Platform"), _("Posts (n)"), _("Likes, comments or shares"), _("Followers"), _("Views"),
    )  # fmt: skip
    lines = [
        (
            f"<b>{esc(names.platform(row['platform']))}</b>",
            i18n.decimal(row["n"]),
            *(_share(row[name]) for name in ("engagement", "followers", "views")),
        )
        for row in rows.iter_rows(named=True)
    ]
    states.table(heads, lines, numbers=(1, 2, 3, 4))


def _lede() -> str:
    ran = queries.coverage()["started_at"].max()
    if ran is None:
        return _("No run is recorded yet.")
    return _("Last run {moment}").format(moment=i18n.stamp(queries.as_of()))


def show() -> None:
    """The page."""
    states.head(_("Coverage"), _("What we have, and what we could not get"), _lede())
    alerts.strip()
    _runs(filters.scope())
    _truth()
    states.note(
        _("Lake: {path} · {posts}").format(
            path=queries.address(),
            posts=ngettext("{n} own post", "{n} own posts",
                           int(queries.platform_truth().select(pl.col("n").sum()).item() or 0)),
        )
    )  # fmt: skip


show()
