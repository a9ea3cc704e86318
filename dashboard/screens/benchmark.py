"""How the brand stands: three figures, every KPI over everybody, and what to look at today."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets import alerts, cards, filters, published, states
from dashboard.widgets.safe import esc

HEADLINE = "engagement_rate"
CADENCE = "posts_per_week"
PEERS = ("brand", "competitor")
UNTOLD = ("minutes", "interactions")
"""Units that an axis must name."""

Row = dict[str, Any]


def _registry() -> dict[str, Row]:
    return {row["kpi"]: row for row in queries.kpis().iter_rows(named=True)}


def _row(rows: pl.DataFrame, entity_id: str, kpi: str) -> Row | None:
    found = rows.filter(pl.col("entity_id") == entity_id, pl.col("kpi") == kpi)
    return None if found.is_empty() else found.row(0, named=True)


def _headline(rows: pl.DataFrame, brand: Row, registry: dict[str, Row]) -> None:
    """Rank, engagement rate and cadence of the brand in three cards."""
    rank, rate, pace = st.columns(3)
    plans = ((rank, HEADLINE, True), (rate, HEADLINE, False), (pace, CADENCE, False))
    for place, kpi, is_rank in plans:
        row, known = _row(rows, brand["entity_id"], kpi), registry.get(kpi)
        with place, st.container(border=True, height="stretch"):
            if row is None or known is None:
                cards.few(cards.kpi_name(known) if known else kpi, 0)
                continue
            if is_rank:
                cards.rank_card(known, row, _ranked(rows, kpi))
            else:
                cards.kpi_card(known, row)
            cards.computed(known, key=f"how-{kpi}-{is_rank}")
    st.page_link(
        cards.POSTS,
        label=_("See the posts behind these figures"),
        query_params=filters.address(entity=brand["entity_id"]),
    )


def _ranked(rows: pl.DataFrame, kpi: str) -> int:
    ours = rows.filter(pl.col("kpi") == kpi, pl.col("role").is_in(PEERS))
    return ours["rank"].count()


def _chart(
    rows: pl.DataFrame, kpi: Row, roles: tuple[str, ...], brand: Row | None,
    beside: Sequence[Row] = (),
) -> None:  # fmt: skip
    """A KPI over everybody of these roles; `beside` are published figures."""
    unit = kpi["unit"]
    shown = rows.filter(pl.col("kpi") == kpi["kpi"], pl.col("role").is_in(roles))
    known = shown.filter(pl.col("value").is_not_null()).sort("rank", "name", nulls_last=True)
    missing = shown.filter(pl.col("value").is_null()).sort("name")
    who = names.left_out(missing.select("name", "n").rows())
    if known.is_empty():
        states.nothing(who or _("Nobody has enough posts for this figure in this period."))
        return
    texts = [
        {"text": cards.with_interval(row, unit), "n_text": cards.based_on(row["n"]),
         "rank_text": cards.rank_words(row)}
        for row in known.iter_rows(named=True)
    ]  # fmt: skip
    frame = pl.concat(
        [known.select("name", "value", "low", "high"), pl.DataFrame(texts)], how="horizontal"
    )
    st.vega_lite_chart(
        charts.dots(
            published.with_dots(frame, beside, unit),
            dict(zip(rows["name"], rows["colour"], strict=True)) | published.colours(beside),
            brands=[brand["name"]] if brand else [],
            title=_axis(kpi),
            number=".1~%" if unit == names.RATIO else ",.4~",
            band=_band(shown, brand),
        ),
        width="stretch",
        alt=_("{kpi} of each, with its 95% interval").format(kpi=cards.kpi_name(kpi)),
    )
    if who:
        states.note(who)


def _axis(kpi: Row) -> str:
    """A KPI's name with its unit, where neither the name nor the figures tell it."""
    name = cards.kpi_name(kpi)
    return f"{name} ({names.unit(kpi['unit'])})" if kpi["unit"] in UNTOLD else name


def _band(shown: pl.DataFrame, brand: Row | None) -> tuple[float, float, float] | None:
    if brand is None:
        return None
    cuts = shown.filter(pl.col("entity_id") == brand["entity_id"]).select(
        "peer_p25", "peer_median", "peer_p75"
    )
    if cuts.is_empty() or any(cut is None for cut in cuts.row(0)):
        return None
    low, middle, high = cuts.row(0)
    return float(low), float(middle), float(high)


def _scorecard(rows: pl.DataFrame, entity: Row, registry: dict[str, Row]) -> None:
    """Every KPI of one entity, as a table whose names unfold into formulas."""
    heads = (
        _("Figure"), _("Value, 95% interval"), "n", _("Rank"), _("The others: median [quartiles]"),
        _("Verdict"),
    )  # fmt: skip
    lines = []
    for kpi in registry.values():
        row = _row(rows, entity["entity_id"], kpi["kpi"])
        if row is not None:
            lines.append(_scoreline(kpi, row))
    head = "".join(
        f'<th class="{"v-num" if i in (1, 2, 3, 4) else ""}">{esc(text)}</th>'
        for i, text in enumerate(heads)
    )
    st.html(
        f'<div class="v-scroll" tabindex="0"><table class="v-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _scoreline(kpi: Row, row: Row) -> str:
    unit = kpi["unit"]

    write = names.bare(unit)
    name = f"<details><summary>{esc(cards.kpi_name(kpi))}</summary>{cards.formula(kpi)}</details>"
    rank, _gap, ranks = cards.rank_words(row).partition(" ")
    rank = f"{rank} <small>{ranks}</small>" if ranks else rank
    cells = [esc(names.missing(row["n"])), row["n"], rank, i18n.NONE]
    if row["value"] is not None:
        span = esc(i18n.interval(row["low"], row["high"], write))
        cells[0] = f"<b>{esc(names.figure(row['value'], unit))}</b> <small>{span}</small>"
    if row["peer_median"] is not None:
        # One peer alone has no quartiles worth the name.
        alone = row["peer_p25"] == row["peer_p75"]
        span = "" if alone else i18n.interval(row["peer_p25"], row["peer_p75"], write)
        cells[3] = f"{esc(write(row['peer_median']))} <small>{esc(span)}</small>"
    cells[1] = i18n.decimal(row["n"])
    figures = "".join(f'<td class="v-num">{cell}</td>' for cell in cells)
    return f"<tr><td>{name}</td>{figures}<td>{cards.verdict_chip(row)}</td></tr>"


def _rows(scope: queries.Scope) -> pl.DataFrame:
    """The benchmark in scope with each entity's name, role and colour."""
    known = queries.entities()
    colours = pl.DataFrame(
        list(theme.entity_colours(known).items()),
        schema={"entity_id": pl.String, "colour": pl.String},
        orient="row",
    )
    return queries.benchmark(scope.platform, scope.period).join(
        known.join(colours, on="entity_id"), on="entity_id", maintain_order="left"
    )


def _lede(brand: Row | None, others: int) -> str:
    against = ngettext("against {n} competitor", "against {n} competitors", others)
    return f"{filters.caption()} · {against}" if brand and others else filters.caption()


def show() -> None:
    """The page."""
    scope, registry = filters.scope(), _registry()
    everybody = queries.entities()
    brands = everybody.filter(pl.col("role") == "brand")
    brand = None if brands.is_empty() else brands.row(0, named=True)
    rows = _rows(scope)
    competitors = rows.filter(pl.col("role") == "competitor")["entity_id"].n_unique()
    title = brand["name"] if brand else _("The market")
    states.head(_("Benchmark"), title, _lede(brand, competitors))
    if not queries.is_built():
        states.not_built()
        return
    if rows.is_empty() or not registry:
        states.nothing(_("Nothing was published on this platform in this period."))
        return
    if brand is not None:
        _headline(rows, brand, registry)
    alerts.strip()
    if scope.entities:
        keep = [*scope.entities, *([brand["entity_id"]] if brand else [])]
        rows = rows.filter(pl.col("entity_id").is_in(keep))
    _compare(rows, registry, brand)
    _detail(rows, registry, brand)


def _compare(rows: pl.DataFrame, registry: dict[str, Row], brand: Row | None) -> None:
    states.section(_("Side by side"))
    picker, how = st.columns([3, 2], vertical_alignment="bottom")
    with picker:
        chosen = filters.choose(
            "kpi", _("Figure"), list(registry), lambda key: cards.kpi_name(registry[key]),
            default=HEADLINE if HEADLINE in registry else None,
        )  # fmt: skip
    with how:
        cards.computed(registry[chosen], key="how-chosen")
    states.note(
        _(
            "Dots are values, lines their 95% intervals. The grey band is the middle half of the "
            "brand’s competitors, the dashed line their median."
        )
    )
    platform = filters.scope().platform
    _chart(rows, registry[chosen], PEERS, brand, published.of(chosen, platform))
    published.table(registry[chosen], platform)
    if not rows.filter(pl.col("role") == "influencer").is_empty():
        states.section(_("Influencers, ranked among themselves"))
        _chart(rows, registry[chosen], ("influencer",), None)


def _detail(rows: pl.DataFrame, registry: dict[str, Row], brand: Row | None) -> None:
    states.section(_("Every figure"), _("Open a name to see how it is computed."))
    shown = rows.select("entity_id", "name").unique(maintain_order=True)
    known = dict(shown.sort("name").iter_rows())
    if brand is not None and brand["entity_id"] in known:
        known = {brand["entity_id"]: known[brand["entity_id"]]} | known
    whose = filters.choose("of", _("Whose"), list(known), known.__getitem__)
    _scorecard(rows, {"entity_id": whose}, registry)


show()
