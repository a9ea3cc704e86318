"""How we stand: three sentences, three figures, the gap to each competitor, what to look at."""

from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets import (
    alerts,
    cards,
    export,
    filters,
    people,
    published,
    reports,
    safe,
    sentences,
    states,
)
from dashboard.widgets.export import HEADLINE
from dashboard.widgets.safe import esc

Row = dict[str, Any]


def _brand() -> Row | None:
    brands = queries.entities().filter(pl.col("role") == "brand")
    return None if brands.is_empty() else brands.row(0, named=True)


def _registry() -> dict[str, Row]:
    return {row["kpi"]: row for row in queries.kpis().iter_rows(named=True)}


def _figures(scope: queries.Scope, brand: Row) -> dict[str, Row]:
    """KPI → the brand's line of `benchmark` with its entry in the registry and `ranked`."""
    registry = _registry()
    rows = queries.benchmark(scope.platform, scope.period).join(
        queries.entities().filter(pl.col("role").is_in(queries.PEERS)), on="entity_id"
    )
    found = {}
    for row in rows.filter(pl.col("entity_id") == brand["entity_id"]).iter_rows(named=True):
        ranked = rows.filter(pl.col("kpi") == row["kpi"])["rank"].count()
        if row["kpi"] in registry:
            found[row["kpi"]] = row | {"entry": registry[row["kpi"]], "ranked": ranked}
    return found


def _said(brand: Row, rows: dict[str, Row], changes: dict[str, queries.Change],
          gaps: pl.DataFrame) -> list[str]:  # fmt: skip
    rate = rows.get("engagement_rate")
    name = safe.shorten(brand["name"], 60)
    return [
        sentences.standing(name, rate, rate["ranked"] if rate else 0),
        sentences.share(name, rows.get("share_of_engagement"), changes.get("share_of_engagement")),
        sentences.gap(name, gaps, people.by_name(queries.entities())),
    ]


def _cards(rows: dict[str, Row], changes: dict[str, queries.Change], platform: str) -> None:
    registry = _registry()
    for place, kpi in zip(st.container(key="stack-three").columns(3), HEADLINE, strict=True):
        row = rows.get(kpi)
        with place, st.container(border=True, height="stretch"):
            if row is None:
                cards.few(cards.kpi_name(registry[kpi]) if kpi in registry else kpi, 0)
                continue
            unit = row["entry"]["unit"]
            more = [sentences.change_line(changes.get(kpi), unit)]
            more += [published.line(one, unit) for one in published.of(kpi, platform)]
            if kpi == "engagement_rate":
                value = cards.with_interval(row, unit)
                more.insert(0, _("Rate: {value}").format(value=value))
                cards.rank_card(row["entry"], row, row["ranked"], more)
            else:
                cards.kpi_card(row["entry"], row, more, judged=True)
            cards.computed(row["entry"], key=f"how-{kpi}")


def _below(frame: pl.DataFrame, scope: queries.Scope, brand: Row) -> None:
    """The posts behind the figures, and the page's figures to take away."""
    row = st.container(horizontal=True, gap="large", vertical_alignment="center")
    row.page_link(
        cards.POSTS,
        label=_("See the posts behind these figures"),
        query_params=filters.address(entity=brand["entity_id"]),
    )
    with row:
        _download(frame, scope)


def _gap_text(row: Row, part: str) -> str:
    return i18n.signed(row[part], row[f"{part}_low"], row[f"{part}_high"])


def _gaps(gaps: pl.DataFrame) -> None:
    states.section(
        _("The gap to each competitor"),
        _(
            "Their engagement a week minus the brand’s, and what makes it: publishing more or "
            "less, choosing other formats, and what a post brings. The three parts add up to the "
            "gap. Bars end in a dot; lines are 95% intervals: one that crosses zero may be chance."
        ),
    )
    known = people.by_name(queries.entities())
    rows = [
        row for row in gaps.iter_rows(named=True)
        if all(row[f"{part}_{end}"] is not None for part in theme.PARTS for end in ("low", "high"))
    ]  # fmt: skip
    if not rows:
        states.nothing(_("not enough posts"))
        return
    frame = pl.DataFrame(
        {
            "name": known.get(row["competitor_id"], row["competitor_id"]),
            "part": names.gap_part(part), "value": row[part], "low": row[f"{part}_low"],
            "high": row[f"{part}_high"], "text": _gap_text(row, part),
        }
        for row in rows for part in theme.PARTS
    )  # fmt: skip
    labels = {names.gap_part(part): tint for part, tint in theme.PARTS.items()}
    st.vega_lite_chart(
        charts.gap_parts(
            frame, list(labels), labels, _("interactions a week, theirs minus the brand’s")
        ),
        width="stretch",
        alt=_("The gap to each competitor and its three parts, with 95% intervals"),
    )
    _gap_formula()
    _gap_table(rows, known)


def _gap_formula() -> None:
    with st.popover(_("How is this computed?"), type="tertiary", key="how-gaps"):
        states.note(
            _(
                "Engagement a week = posts a week × the mean engagement of a post over the formats "
                "used. The difference of two such products is shared between its factors by the "
                "rule of Shapley (Kitagawa 1955, Das Gupta 1993), so that the parts add up "
                "exactly. Intervals by drawing counts and means 500 times."
            )
        )


def _gap_table(rows: list[Row], known: dict[str, str]) -> None:
    heads = [_("Competitor"), *(names.gap_part(part) for part in theme.PARTS)]
    lines = []
    for row in rows:
        texts = [_gap_text(row, part).partition(" ") for part in theme.PARTS]
        cells = [f"<b>{esc(value)}</b> <small>{esc(span)}</small>" for value, _gap, span in texts]
        lines.append([esc(known.get(row["competitor_id"], row["competitor_id"])), *cells])
    with st.expander(_("The same as a table, with the posts")):
        states.table(heads, lines, numbers=(1, 2, 3, 4))
        for row in rows:
            name = safe.plain(known.get(row["competitor_id"], row["competitor_id"]))
            st.page_link(
                cards.POSTS,
                label=_("Posts of {who}").format(who=name),
                query_params=filters.address(entity=row["competitor_id"]),
            )


def _download(frame: pl.DataFrame, scope: queries.Scope) -> None:
    about = frame.with_columns(
        platform=pl.lit(scope.platform), period=pl.lit(scope.period), until=pl.lit(queries.as_of())
    )
    st.download_button(
        _("Download these figures as CSV"),
        lambda: safe.to_csv(about),
        file_name="vigie-standing.csv",
        mime="text/csv",
        on_click="ignore",
    )


def show() -> None:
    """The page."""
    scope, brand = filters.scope(), _brand()
    title = brand["name"] if brand else _("The market")
    others = queries.entities().filter(pl.col("role") == "competitor").height
    against = ngettext("against {n} competitor", "against {n} competitors", others)
    states.head(_("Leadership"), title, f"{filters.caption()} · {against}")
    if not queries.is_built():
        states.not_built()
        return
    if brand is None:
        states.nothing(_("No brand is watched: the watchlist names none."))
        return
    rows, gaps = _figures(scope, brand), queries.gaps(scope.platform, scope.period)
    changes = queries.changes(scope.platform, scope.period, brand["entity_id"])
    lines = "".join(f"<li>{esc(line)}</li>" for line in _said(brand, rows, changes, gaps))
    st.html(f'<ul class="v-said">{lines}</ul>')
    _cards(rows, changes, scope.platform)
    _below(export.standing(brand["name"], rows, changes, gaps), scope, brand)
    reports.buttons(scope.period)
    _gaps(gaps)
    alerts.strip(keep=lambda row: row["severity"] != "info"
                 or row["entity_id"] == brand["entity_id"])  # fmt: skip


show()
