"""The community manager's week: whom to answer, what rises, what broke out, when to publish."""

from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, filters, people, rises, said, states
from dashboard.widgets.safe import esc, shorten

WAITING: Final = 6
"""Posts with unanswered comments that are listed unfolded."""
MOST_WAITING: Final = 60
TITLE: Final = 120
"""Characters of a post that waits."""
BREAKOUTS: Final = 6
ACROSS: Final = 3
OPEN: Final = 2
"""Rising things shown unfolded."""
REACTIVITY: Final = ("reply_rate", "reply_median_min")

Row = dict[str, Any]


def _reactivity(scope: queries.Scope, brand: str) -> None:
    registry = {row["kpi"]: row for row in queries.kpis().iter_rows(named=True)}
    rows = queries.benchmark(scope.platform, scope.period).filter(pl.col("entity_id") == brand)
    found = {row["kpi"]: row for row in rows.iter_rows(named=True)}
    known = [kpi for kpi in REACTIVITY if kpi in registry and kpi in found]
    for place, kpi in zip(st.columns(2), known, strict=False):
        with place, st.container(border=True, height="stretch"):
            cards.kpi_card(registry[kpi], found[kpi], judged=True)
            cards.computed(registry[kpi], key=f"how-{kpi}")


def _answers(scope: queries.Scope, brand: str | None) -> None:
    states.section(
        _("What needs an answer"),
        _(
            "Comments of the last {days} days under the brand’s own posts that it has not "
            "answered, questions first. Platforms that show no comments are not in it."
        ).format(days=queries.WAITING_D),
    )
    if brand is None:
        states.nothing(_("No brand is watched: the watchlist names none."))
        return
    _reactivity(scope, brand)
    rows = queries.waiting(queries.Scope(scope.platform, scope.period, (brand,)))
    if rows.is_empty():
        states.nothing(_("No comment waits for an answer, as far as the platforms show them."))
        return
    words = ngettext("{n} comment waits", "{n} comments wait", int(rows["unanswered"].sum()))
    under = ngettext("under {n} post", "under {n} posts", rows.height)
    asking = _questions(int(rows["questions"].sum()))
    states.note(_("; ").join([f"{words} {under}", f"{asking}."]))
    _listed(rows.head(WAITING))
    rest = rows[WAITING:MOST_WAITING]
    if not rest.is_empty():
        with st.expander(ngettext("{n} more post", "{n} more posts", rest.height)):
            _listed(rest)


def _listed(rows: pl.DataFrame) -> None:
    """Posts with what waits under each."""
    posts = queries.cards(tuple(rows["post_id"]))
    for row in rows.join(posts, on="post_id", maintain_order="left").iter_rows(named=True):
        _waiting(row)


def _questions(n: int) -> str:
    return ngettext("{n} of them asks something", "{n} of them ask something", n)


def _waiting(row: Row) -> None:
    words, open_it = st.columns([5, 1], vertical_alignment="center")
    title = shorten(row["title"] or row["text"], TITLE) or _("Post without text")
    facts = (
        names.platform(row["platform"]),
        _("{unanswered} of {comments} comments unanswered").format(
            unanswered=i18n.decimal(row["unanswered"]), comments=i18n.decimal(row["comments"])
        ),
        _questions(row["questions"]),
        _("waiting since {day}").format(day=i18n.day(row["since"])),
    )
    said = shorten(row["said"], 160)
    quote = f'<div class="v-quote" dir="auto">{esc(said)}</div>' if said else ""
    words.html(
        f'<div class="v-ask"><b dir="auto">{esc(title)}</b>{quote}'
        f'<div class="v-meta">{esc(" · ".join(facts))}</div></div>'
    )
    open_it.page_link(
        cards.POSTS, label=_("Open"), query_params=filters.address(post=row["post_id"])
    )


def _rising(scope: queries.Scope) -> None:
    found = queries.trends(scope.platform)
    week = "" if found.is_empty() else i18n.sentence(i18n.week(found["week"][0]))
    states.section(
        _("What rises this week"),
        week,
        _(
            "Formats, hashtags and types of content that are used more than usual, false alarms "
            "controlled; q is the chance that one called rising is a false alarm."
        ),
    )
    types = {row["type_id"]: row["label"] for row in queries.content_types().iter_rows(named=True)}
    rising = [
        row | {"label": rises.label(row, types)}
        for row in found.filter(pl.col("status") == "rising").iter_rows(named=True)
    ]
    if found.is_empty():
        states.nothing(_("Nothing could be tested yet: trends need some weeks of posts."))
    elif not rising:
        tested = ngettext("{n} thing was tested", "{n} things were tested", found.height)
        states.nothing(_("No significant rise this week: {tested}.").format(tested=tested))
    for place, row in enumerate(rising):
        rises.show(row, unfolded=place < OPEN and bool(row["examples"]))


def _breakouts(scope: queries.Scope) -> None:
    states.section(
        _("Breakout posts"),
        _(
            "Posts of everybody watched that got surely more than their account’s comparable "
            "posts: the highest lower end of the lift’s 95% interval first."
        ),
    )
    rows = list(queries.breakouts(scope, BREAKOUTS).iter_rows(named=True))
    if not rows:
        states.nothing(_("No post got surely more than usual in this period."))
    for start in range(0, len(rows), ACROSS):
        chunk = rows[start : start + ACROSS]
        places = st.container(key=f"stack-breakouts-{start}").columns(ACROSS)
        for place, row in zip(places, chunk, strict=False):
            with place:
                cards.post_card(row)


def _when(row: Row) -> str:
    """A weekday or a band of hours."""
    if row["dimension"] == "weekday":
        return i18n.weekdays()[int(row["level"]) - 1]
    start, _sep, end = row["level"].partition("-")
    return f"{int(start)}:00{i18n.DASH}{int(end)}:00"


def _verdict(row: Row) -> str:
    if row["lift_low"] > 1:
        return _("better")
    return _("worse") if row["lift_high"] < 1 else _("no difference shown")


def _moment_chart(rows: list[Row]) -> None:
    tints = {_("better"): theme.GOOD, _("worse"): theme.BAD, _("no difference shown"): theme.GREY}
    frame = pl.DataFrame(
        {
            "label": _when(row), "lift": row["lift"], "low": row["lift_low"],
            "high": row["lift_high"], "verdict": _verdict(row), "text": cards.lift_words(row),
            "n_text": rises.posts(row),
        }
        for row in rows
    )  # fmt: skip
    known = set(frame["verdict"])
    used = {word: tint for word, tint in tints.items() if word in known}
    st.vega_lite_chart(
        charts.moments(frame, used),
        width="stretch",
        alt=_("What each moment brings, with its 95% interval"),
        key=f"moments-{rows[0]['dimension']}",
    )


def _best(rows: list[Row], none: str) -> str:
    """The moments that are surely better, the surest first, or that none is."""
    better = sorted((row for row in rows if row["lift_low"] > 1), key=lambda row: -row["lift_low"])
    said = [f"{_when(row)} ({cards.lift_words(row)}, {rises.posts(row)})" for row in better]
    return _("Better than average: {moments}.").format(moments=_("; ").join(said)) if said else none


def _moments(scope: queries.Scope) -> None:
    period = queries.effect_period(scope.period)
    states.section(
        _("Best moments to publish"),
        _(
            "What weekday and hour bring within account, formats and types of content being "
            "equal: engagement over the average post’s, {period}, everybody’s posts, hours of "
            "{zone}. What goes with more engagement need not cause it."
        ).format(period=names.period(period), zone=i18n.zone()),
    )
    rows = [
        row for row in queries.effects(scope.platform, scope.period).iter_rows(named=True)
        if row["lift"] is not None and row["lift_low"] is not None
    ]  # fmt: skip
    plans = (
        ("weekday", _("No day is shown to be better than another.")),
        ("daypart", _("No time of day is shown to be better than another.")),
    )
    for place, (dimension, none) in zip(
        st.container(key="stack-moments").columns(2, gap="large"), plans, strict=True
    ):
        here = [row for row in rows if row["dimension"] == dimension]
        with place:
            if not here:
                states.nothing(_("not enough posts"))
                continue
            st.html(f"<p><b>{esc(_best(here, none))}</b></p>")
            _moment_chart(here)


def _calendar(scope: queries.Scope) -> None:
    states.section(
        _("Calendar, ours and theirs"),
        _(
            "Publications a day over the last {weeks} weeks, days of {zone}; exact counts, the "
            "five-week total beside each name."
        ).format(weeks=queries.CALENDAR_WEEKS, zone=i18n.zone()),
    )
    rows = people.named(queries.calendar(scope))
    if rows.is_empty():
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    total = pl.col("posts").sum().over("entity_id")
    rows = rows.with_columns(label=pl.format("{} ({})", pl.col("name"), total))
    frame = rows.select(
        pl.col("label").alias("name"),
        pl.col("day").cast(pl.String),
        "posts",
        day_text=pl.Series([_day_text(day) for day in rows["day"]], dtype=pl.String),
    )
    mondays = [str(day) for day in rows["day"].unique().sort() if day.weekday() == 0]
    order = frame["name"].unique(maintain_order=True).to_list()
    st.vega_lite_chart(
        charts.calendar(frame, order, mondays),
        width="stretch",
        alt=_("Publications a day, one strip an entity"),
    )
    st.page_link(cards.POSTS, label=_("See these posts"), query_params=filters.address())


def _day_text(day: Any) -> str:
    return f"{i18n.weekdays()[day.weekday()]} {i18n.day(day)}"


def show() -> None:
    """The page."""
    scope = filters.scope()
    states.head(_("Community manager"), _("This week’s work"), filters.caption())
    if not queries.is_built():
        states.not_built()
        return
    brands = queries.entities().filter(pl.col("role") == "brand")["entity_id"].to_list()
    _answers(scope, brands[0] if brands else None)
    if brands:
        said.section(scope, brands[0])
    _rising(scope)
    _breakouts(scope)
    _moments(scope)
    _calendar(scope)


show()
