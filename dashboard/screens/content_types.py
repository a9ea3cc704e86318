"""What is talked about: types of content, who uses them, and what they look like."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, i18n, queries
from dashboard.i18n import _
from dashboard.widgets import cards, filters, people, states, type_edits
from dashboard.widgets.safe import esc

SHADE = 0.8
"""Part of the deepest share from which white text has more contrast than dark."""
FIRM, FAIR = 0.85, 0.7
"""Agreement over resamples that we call firm, and fair."""


def _firmness(stability: float | None) -> str:
    if stability is None:
        return i18n.NONE
    word = _("firm") if stability >= FIRM else _("fair") if stability >= FAIR else _("loose")
    return f"{word} <small>({i18n.decimal(stability, 2)})</small>"


def _other_words(row: dict[str, Any]) -> str:
    """The words of a type that its label does not say already."""
    said = row["label"].lower()
    return " · ".join([word for word in row["keywords"] if word.lower() not in said][:6])


def _table(types: pl.DataFrame) -> None:
    states.section(
        _("Types of content"),
        _(
            "Found by grouping posts that speak alike. Stability: how well the type comes back "
            "when the posts are drawn again, 0 to 1. Silhouette: how far it stands from the "
            "others, −1 to 1."
        ),
        _("This table counts every post read so far, whatever the period and platform."),
    )
    total = int(types["size"].sum())
    lines = [
        (
            f"<b>{esc(row['label'])}</b><br><small>{esc(_other_words(row))}</small>",
            i18n.decimal(row["size"]),
            i18n.percent(row["size"] / total if total else None, 1),
            _firmness(row["stability"]),
            i18n.decimal(row["silhouette"], 2),
        )
        for row in types.iter_rows(named=True)
    ]
    heads = (
        _("Type and its words"), _("Posts (n)"), _("Share of typed posts"), _("Stability"),
        _("Silhouette"),
    )  # fmt: skip
    states.table(heads, lines, numbers=(1, 2, 4))


def _map(scope: queries.Scope, types: pl.DataFrame) -> None:
    states.section(
        _("Who talks about what"),
        _(
            "Share of each entity’s posts; point at a cell for its 95% interval and n. Entities "
            "with fewer than 5 posts are left out."
        ),
    )
    labels = {row["type_id"]: row["label"] for row in types.iter_rows(named=True)}
    rows = people.named(queries.type_shares(scope)).filter(
        pl.col("type_id").is_in(list(labels)),
        pl.col("n") >= 5,  # noqa: PLR2004 - design rule: no figure under 5 posts
    )
    if rows.is_empty():
        states.nothing(_("not enough posts"))
        return
    deepest = float(rows["share"].max() or 0)  # type: ignore[arg-type]  # Polars types max() as any literal
    texts = [_cell(row, labels, deepest) for row in rows.iter_rows(named=True)]
    frame = pl.concat([rows.select("name", "share"), pl.DataFrame(texts)], how="horizontal")
    st.vega_lite_chart(
        charts.shares(frame, list(labels.values()), frame["name"].unique(maintain_order=True)
                      .to_list()),
        width="stretch",
        alt=_("Share of each content type in each entity’s posts"),
    )  # fmt: skip


def _cell(row: dict[str, Any], labels: dict[str, str], deepest: float) -> dict[str, Any]:
    share = i18n.percent(row["share"], 0)
    span = i18n.interval(row["share_low"], row["share_high"], lambda part: i18n.percent(part, 0))
    enough = row["lift"] is not None and row["posts"] >= 5  # noqa: PLR2004 - design rule
    return {
        "label": labels[row["type_id"]],
        "share_text": share,
        "dark": row["share"] > SHADE * deepest,
        "text": f"{share} {span}",
        "n_text": f"{i18n.decimal(row['posts'])} / {i18n.decimal(row['n'])}",
        "lift_text": f"{i18n.times(row['lift'])}×" if enough else _("not enough posts"),
    }


def _examples(types: pl.DataFrame) -> None:
    states.section(_("What they look like"), _("The posts nearest to the heart of a type."))
    labels = {row["type_id"]: row["label"] for row in types.iter_rows(named=True)}
    chosen = filters.choose("type", _("Type of content"), list(labels), labels.__getitem__)
    row = types.filter(pl.col("type_id") == chosen).row(0, named=True)
    cards.post_cards(tuple(row["examples"]))
    st.page_link(
        cards.POSTS, label=_("See these posts"), query_params=filters.address(about=chosen)
    )


def show() -> None:
    """The page."""
    states.head(_("Content types"), _("What the market talks about"), filters.caption())
    types = queries.content_types()
    if types.is_empty():
        states.nothing(_("No type of content has been found yet: too few posts with text."))
        return
    _table(types)
    type_edits.show(types)
    _map(filters.scope(), types)
    _examples(types)


show()
