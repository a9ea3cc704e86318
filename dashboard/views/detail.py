"""One post: what it says, what it got and when, and the pages that show it."""

from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, filters, notes, states, tags
from dashboard.widgets.safe import esc, shorten
from data.vocabulary import COUNTS

TITLE: Final = 90
CAPTURES: Final = 12

Row = dict[str, Any]


def show(post_id: str) -> None:
    """The page of a post, or that there is no such post."""
    st.page_link(cards.POSTS, label=_("← All posts"), query_params=filters.address())
    found = queries.post(post_id)
    if found.is_empty():
        states.state(
            _("No such post"),
            _("The lake holds no post {id}; it may have been erased.").format(
                id=shorten(post_id, 200)
            ),
        )
        return
    row = found.row(0, named=True)
    name, _colour = cards.who(row["owner"])
    meta = (name, names.platform(row["place"] or ""), names.form(row["format"]))
    title = shorten(row["title"] or row["text"], TITLE) or _("Post without text")
    states.head(" · ".join(meta), title, _published(row))
    _standing(row)
    says, got = st.container(key="stack-detail").columns([3, 2], gap="large")
    with says:
        _text(row)
    with got:
        _figures(row)
        tags.show(row["post_id"])
    shots = queries.snapshots(post_id)
    _growth(shots, row["owner"])
    _captures(row, shots)


def _published(row: Row) -> str:
    if row["published_at"] is None:
        return _("Time of publication not shown; times below are those of {zone}").format(
            zone=i18n.zone()
        )
    return _("Published {moment}").format(moment=i18n.stamp(row["published_at"]))


def _standing(row: Row) -> None:
    """What keeps a post out of the figures, or what happened to it."""
    notes = []
    if row["is_repost"]:
        notes.append(_("A repost: somebody else’s, not counted as an own publication."))
    if row["is_reply"]:
        notes.append(_("A reply: not counted as an own publication."))
    if row["deleted_at"] is not None:
        notes.append(
            _("Deleted; first missed {moment}.").format(moment=i18n.moment(row["deleted_at"]))
        )
    if row["edited_at"] is not None:
        notes.append(_("Edited {moment}.").format(moment=i18n.moment(row["edited_at"])))
    if row["is_boost_suspect"]:
        notes.append(_("Likes out of proportion to every other count: perhaps boosted."))
    if notes:
        st.warning(" ".join(notes))


def _text(row: Row) -> None:
    states.section(_("Text"))
    text = row["text"] or _("This post has no text.")
    st.html(f'<div class="v-full" dir="auto" tabindex="0">{esc(text)}</div>')
    cards.facts([(_("Original"), cards.out(row["url"]))])


def _figures(row: Row) -> None:
    states.section(_("What it got"))
    when = {True: _("measured"), False: _("projected")}.get(row["engagement_7d_is_measured"], "")
    at_seven = i18n.decimal(row["engagement_7d"])
    at_seven = f"{at_seven} ({when})" if row["engagement_7d"] is not None and when else at_seven
    guessed = f" ({_('estimated')})" if row["followers_is_extrapolated"] else ""
    followers = row["followers"]
    cards.facts(
        [
            (_("Lift"), _("not known") if row["lift"] is None
             else f"<b>{esc(cards.lift_words(row))}</b>"),
            (_("Engagement, latest"), esc(i18n.decimal(row["engagement"]))),
            (_("Engagement at 7 days"), esc(at_seven)),
            (_("Followers that day"), esc(
                i18n.NONE if followers is None else f"{i18n.decimal(round(followers))}{guessed}")),
            (_("Engagement rate"), esc(i18n.percent(row["engagement_rate"]))),
        ]
    )  # fmt: skip
    states.note(_("Lift: against comparable posts of the same account, with its 95% interval."))


def _growth(shots: pl.DataFrame, owner: str) -> None:
    states.section(_("Counts over time"), ngettext("{n} capture", "{n} captures", shots.height))
    long = shots.select("observed_at", *COUNTS).unpivot(
        COUNTS, index="observed_at", variable_name="kind"
    ).drop_nulls("value")  # fmt: skip
    if long.is_empty():
        states.nothing(_("The platform shows no count for this post."))
        return
    texts = [
        {"label": names.count(row["kind"]), "when_text": i18n.moment(row["observed_at"])}
        for row in long.iter_rows(named=True)
    ]
    labels = {kind: names.count(kind) for kind in theme.COUNTS}
    # Charts know no zone: they are given the clock on the market's wall as if it were UTC.
    wall = pl.col("observed_at").dt.convert_time_zone(i18n.zone()).dt.replace_time_zone("UTC")
    long = long.with_columns(wall)
    days = long["observed_at"].dt.date().sort()
    marks = notes.between(days[0], days[-1], owner)
    frame = pl.concat([long, pl.DataFrame(texts)], how="horizontal")
    st.vega_lite_chart(
        charts.with_notes(charts.counts(frame, labels), marks),
        width="stretch",
        alt=_("Public counts of the post at each capture"),
    )


def _captures(row: Row, shots: pl.DataFrame) -> None:
    states.section(_("Archived pages"), _("Every figure above was read from these pages."))
    wanted = tuple(dict.fromkeys([*shots["page_id"].to_list()[::-1], row["page_id"]]))
    found = queries.captures(wanted)
    if found.is_empty():
        states.nothing(_("The pages of this post are not in the archive."))
        return
    for page in found.head(CAPTURES).iter_rows(named=True):
        words, open_it = st.columns([4, 1], vertical_alignment="center")
        size = _("{size} kB").format(size=i18n.decimal(max(0.1, page["bytes"] / 1000), 1))
        words.html(
            f"<b>{esc(i18n.moment(page['fetched_at']))}</b> "
            f'<span class="v-note">HTTP {page["status"]} · {esc(size)} · '
            f"{esc(shorten(page['url'], 100))}</span>"
        )
        open_it.page_link(
            cards.POSTS,
            label=_("Open the page"),
            query_params=filters.address(post=row["post_id"], page=page["page_id"]),
        )
    if found.height > CAPTURES:
        left = found.height - CAPTURES
        states.note(ngettext("{n} earlier page", "{n} earlier pages", left))
