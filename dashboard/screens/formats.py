"""What is published, how often and when, and which formats bring more."""

from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries
from dashboard.i18n import _
from dashboard.widgets import cards, filters, notes, people, states
from dashboard.widgets.safe import esc
from data.vocabulary import FORMATS

FLOOR = 0.02
"""Least lift that a logarithmic axis shows."""


def _shares(scope: queries.Scope) -> None:
    states.section(
        _("Which formats they use"),
        _("Share of each entity’s own publications; point at a bar for its 95% interval and n."),
    )
    rows = people.named(queries.format_shares(scope))
    if rows.is_empty():
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    used = sorted(set(rows["format"]), key=FORMATS.index)
    texts = [
        {"label": names.form(row["format"]), "order": used.index(row["format"]),
         "text": f"{i18n.percent(row['share'])} "
                 f"{i18n.interval(row['share_low'], row['share_high'], i18n.percent)}",
         "n_text": f"{i18n.decimal(row['posts'])} / {i18n.decimal(row['n'])}",
         "entity": f"{row['name']} (n = {i18n.decimal(row['n'])})"}
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    frame = pl.concat([rows.select("format", "share"), pl.DataFrame(texts)], how="horizontal")
    frame = frame.rename({"entity": "name"})
    order = frame["name"].unique(maintain_order=True).to_list()
    st.vega_lite_chart(
        charts.stacked(frame, order, [names.form(name) for name in used]),
        width="stretch",
        alt=_("Share of each format, one bar an entity"),
    )


def _rhythm(scope: queries.Scope) -> None:
    states.section(
        _("How often they publish"),
        _("Own publications a week, exact counts; the week that is not over yet is left out."),
    )
    rows = people.named(queries.channel_weeks(scope))
    if (end := queries.as_of()) is not None:
        rows = rows.filter(pl.col("week").dt.offset_by("7d") <= i18n.local(end).date())
    if rows["week"].n_unique() < 2:  # noqa: PLR2004 - one point is no line
        states.nothing(_("Too few whole weeks in this period; choose a longer one."))
        return
    weeks = {week: i18n.week(week) for week in rows["week"].unique()}
    frame = rows.select(
        "week", "name", "posts",
        week_text=pl.col("week").replace_strict(weeks, return_dtype=pl.String),
    )  # fmt: skip
    mondays = frame["week"].sort()
    marks = notes.between(mondays[0], mondays[-1] + timedelta(days=6))
    chart = charts.lines(frame, people.colours_by_name(), brands=people.brands(), title=_("posts"))
    st.vega_lite_chart(
        charts.with_notes(chart, marks),
        width="stretch",
        alt=_("Posts per week, one line an entity"),
    )


def _lift(scope: queries.Scope, whose: list[str]) -> None:
    states.section(
        _("Which formats bring more"),
        _(
            "Lift: engagement of a format’s posts against the same accounts’ other formats, so "
            "that big accounts do not decide it. An interval that holds 1 shows no difference."
        ),
    )
    rows = people.named(queries.format_stats(scope)).filter(pl.col("entity_id").is_in(whose))
    known = rows.filter(pl.all_horizontal(pl.col("lift", "lift_low", "lift_high").is_not_null()))
    if known.is_empty():
        states.nothing(_("not enough posts"))
        return
    texts = [
        {"label": names.form(row["format"]), "text": cards.lift_words(row),
         "n_text": cards.based_on(row["posts"])}
        for row in known.iter_rows(named=True)
    ]  # fmt: skip
    bounded = pl.col("lift", "lift_low", "lift_high").clip(FLOOR)
    frame = pl.concat([known.select("name", bounded), pl.DataFrame(texts)], how="horizontal")
    st.vega_lite_chart(
        charts.forest(frame, people.colours_by_name()),
        width="stretch",
        alt=_("Lift of each format with its 95% interval"),
    )
    few = rows.filter(pl.col("lift").is_null())
    if not few.is_empty():
        words = ", ".join(
            f"{row['name']} – {names.form(row['format'])} ({cards.based_on(row['posts'])})"
            for row in few.iter_rows(named=True)
        )
        states.note(_("No lift known, for too few posts or hidden counts: {who}").format(who=words))


def _whole_week() -> pl.DataFrame:
    days = pl.DataFrame({"weekday": range(1, 8)}, schema={"weekday": pl.Int64})
    return days.join(pl.DataFrame({"hour": range(24)}, schema={"hour": pl.Int64}), how="cross")


def _moments(scope: queries.Scope) -> None:
    rows = queries.moments(scope)
    total = int(rows["posts"].sum())
    if not rows.is_empty():
        rows = _whole_week().join(rows, on=["weekday", "hour"], how="left").with_columns(
            pl.col("posts").fill_null(0)
        )  # fmt: skip
    states.section(
        _("When they publish"),
        _("Posts by weekday and hour in the market’s time zone, {zone}; n = {n}.").format(
            zone=i18n.zone(), n=i18n.decimal(total)
        ),
    )
    if rows.is_empty():
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    days = i18n.weekdays()
    texts = [
        {"day": days[row["weekday"] - 1], "hour_text":
         f"{row['hour']}:00{i18n.DASH}{row['hour']}:59",
         "lift_text": _("not enough posts") if row["lift"] is None
                      else f"{i18n.times(row['lift'])}×"}
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    frame = pl.concat([rows.select("hour", "posts"), pl.DataFrame(texts)], how="horizontal")
    st.vega_lite_chart(
        charts.heat(frame, days), width="stretch", alt=_("Posts by weekday and hour")
    )


def _silences(scope: queries.Scope) -> None:
    states.section(_("Longest silences"), _("The longest time without a post, channel by channel."))
    rows = people.named(queries.silences(scope)).sort("days", descending=True).head(10)
    if rows.is_empty():
        states.nothing(_("No silence is known in this period."))
        return
    heads = (_("Who"), _("Platform"), _("Days"), _("Week"), _("Posts in the period"))
    lines = [
        (esc(row["name"]), esc(names.platform(row["platform"])),
         f"<b>{i18n.decimal(row['days'], 1)}</b>", esc(i18n.week(row["week"])),
         f"n = {i18n.decimal(row['posts'])}")
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    states.table(heads, lines, numbers=(2, 4))


def show() -> None:
    """The page."""
    scope = filters.scope()
    states.head(_("Formats & cadence"), _("What they publish, and when"), filters.caption())
    _shares(scope)
    _rhythm(scope)
    known = people.by_name(queries.entities())
    whose = filters.choose("of", _("A closer look at"), list(known), known.__getitem__)
    brand = queries.entities().filter(pl.col("role") == "brand")["entity_id"].to_list()[:1]
    everyone = queries.Scope(scope.platform, scope.period)
    _lift(everyone, list(dict.fromkeys([*brand, whose])))
    _moments(queries.Scope(scope.platform, scope.period, (whose,)))
    st.page_link(
        cards.POSTS, label=_("See these posts"), query_params=filters.address(entity=whose)
    )
    _silences(scope)


show()
