"""How the brand stands: headline figures, every KPI over everybody."""

from typing import Final

import polars as pl

from dashboard import i18n, names
from dashboard.i18n import _, ngettext
from dashboard.report import published, wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import (
    Block,
    Card,
    Cell,
    Column,
    Dots,
    Mark,
    Section,
    Table,
)

HEADLINE: Final = "engagement_rate"
CHARTS: Final = (HEADLINE, "posts_per_week", "engagement_per_post", "share_of_engagement",
                 "follower_growth_pct", "reply_rate")  # fmt: skip
"""KPIs that get a picture; the others stand in the tables."""
PEERS: Final = ("brand", "competitor")


def rows_of(facts: Facts) -> pl.DataFrame:
    """The benchmark with each entity's name and role, in the order of `entities`."""
    known = facts.entities.with_row_index("place")
    return facts.benchmark.join(known, on="entity_id", maintain_order="left").sort("place", "kpi")


def registry(facts: Facts) -> dict[str, Row]:
    """From a KPI’s key to its row in the formula registry."""
    return {row["kpi"]: row for row in facts.kpis.iter_rows(named=True)}


def row_of(facts: Facts, entity_id: str, kpi: str) -> Row | None:
    """One figure, or None."""
    found = facts.benchmark.filter(pl.col("entity_id") == entity_id, pl.col("kpi") == kpi)
    return None if found.is_empty() else found.row(0, named=True)


def ranked(facts: Facts, kpi: str) -> int:
    """How many of the brand and its competitors have a rank on a KPI."""
    ours = rows_of(facts).filter(pl.col("kpi") == kpi, pl.col("role").is_in(PEERS))
    return int(ours["rank"].count())


def cards(facts: Facts) -> tuple[Card, ...]:
    """The brand's headline figures."""
    brand, known = facts.brand, registry(facts)
    wanted = [kpi for kpi in CHARTS[:4] if kpi in known]
    found = [
        _card(known[kpi], row, published.of(facts, kpi))
        for kpi in wanted
        if brand is not None and (row := row_of(facts, brand["entity_id"], kpi)) is not None
    ]
    return tuple(found)


def _card(kpi: Row, row: Row, beside: list[Row]) -> Card:
    unit = kpi["unit"]
    lines = [f"{wording.span(row, unit)} · {wording.based_on(row['n'])}".removeprefix(" · ")]
    if row["rank"] is not None:
        words = _("Rank {rank} {interval}")
        lines.append(
            words.format(rank=i18n.ordinal(row["rank"]), interval=wording.rank_span(row)).strip()
        )
    if row["value"] is not None and row["peer_median"] is not None:
        median = names.figure(row["peer_median"], unit)
        lines.append(_("Median of the others: {value}").format(value=median))
    lines += [published.line(one, unit) for one in beside]
    verdict = "" if row["value"] is None else names.verdict(row["verdict"])
    value, after = wording.figure(row, unit), ""
    if row["value"] is not None and unit != "%":
        value, after = names.bare(unit)(row["value"]), names.unit_after(unit)
    return Card(
        wording.kpi_name(kpi), value, after, tuple(lines), verdict, row["verdict"].partition(" ")[0]
    )


def section(facts: Facts) -> Section:
    """The brand’s figures, and a picture of the chief ones over everybody."""
    blocks: list[Block] = [*scorecard(facts)]
    known = registry(facts)
    charts = [dots(facts, known[kpi]) for kpi in CHARTS if kpi in known]
    blocks += [chart for chart in charts if chart is not None]
    if facts.benchmark.is_empty():
        return Section("benchmark", _("Benchmark"), _("Nothing was published in this period."))
    note = _(
        "Dots are values, lines their 95% intervals. The grey band is the middle half of the "
        "brand’s competitors, the dashed line their median."
    )
    return Section("benchmark", _("Benchmark"), verdicts(facts)[0], (note,), tuple(blocks))


def verdicts(facts: Facts) -> tuple[str, str]:
    """Where the brand is ahead, level and behind: in a sentence, and in detail."""
    if facts.brand is None:
        return _("The market, side by side"), ""
    mine = facts.benchmark.filter(pl.col("entity_id") == facts.brand["entity_id"])
    known = registry(facts)
    found: dict[str, list[str]] = {"ahead": [], "level": [], "behind": []}
    for row in mine.iter_rows(named=True):
        if row["verdict"] in found and row["kpi"] in known:
            found[row["verdict"]].append(wording.inside(known[row["kpi"]]))
    heads = {"ahead": _("Ahead on {what}"), "behind": _("Behind on {what}"),
             "level": _("Level on {what}")}  # fmt: skip
    parts = [
        heads[key].format(what=wording.listed(found[key])) + "."
        for key in ("ahead", "behind", "level")
        if found[key]
    ]
    total = sum(map(len, found.values()))
    if not total:
        return _("Not enough posts to compare the brand"), ""
    brand = wording.said(facts.brand["name"])
    sentence = _("{brand} is ahead on {ahead}, level on {level}, behind on {behind}").format(
        brand=brand, ahead=ngettext("{n} figure", "{n} figures", len(found["ahead"])),
        level=i18n.decimal(len(found["level"])), behind=i18n.decimal(len(found["behind"])),
    )  # fmt: skip
    return sentence, " ".join(parts)


def scorecard(facts: Facts) -> list[Table]:
    """Every KPI of the brand against its competitors."""
    if facts.brand is None:
        return []
    lines = [
        _scoreline(kpi, row)
        for kpi in registry(facts).values()
        if (row := row_of(facts, facts.brand["entity_id"], kpi["kpi"])) is not None
    ]
    columns = (
        Column("figure", _("Figure"), wide=True), Column("value", _("Value, 95% interval")),
        Column("n", "n", "count"), Column("rank", _("Rank")),
        Column("median", _("Median of the others")), Column("verdict", _("Verdict")),
    )  # fmt: skip
    title = _("{brand}, every figure").format(brand=wording.said(facts.brand["name"]))
    return [Table("scorecard", title, columns, tuple(lines), dense=True)] if lines else []


def _scoreline(kpi: Row, row: Row) -> tuple[Cell, ...]:
    unit, kind = kpi["unit"], wording.kind(kpi["unit"])
    median = i18n.NONE if row["peer_median"] is None else names.figure(row["peer_median"], unit)
    rank = i18n.NONE if row["rank"] is None else i18n.ordinal(row["rank"])
    tone = row["verdict"].partition(" ")[0]
    return (
        Cell(wording.kpi_name(kpi), wording.kpi_name(kpi)),
        Cell(wording.figure(row, unit), row["value"], wording.span(row, unit), kind=kind),
        wording.count(row["n"]),
        Cell(rank, row["rank"], wording.rank_span(row), kind="count"),
        Cell(median, row["peer_median"], kind=kind),
        Cell(names.standing(row), names.standing(row), tone=tone),
    )


def dots(facts: Facts, kpi: Row) -> Dots | None:
    """A KPI of the brand and its competitors; None where nobody has enough posts."""
    unit, colours = kpi["unit"], facts.colours
    ours = rows_of(facts).filter(pl.col("kpi") == kpi["kpi"], pl.col("role").is_in(PEERS))
    known = ours.filter(pl.col("value").is_not_null()).sort("rank", "place", nulls_last=True)
    if known.is_empty():
        return None
    marks = tuple(
        Mark(
            wording.said(row["name"]), row["value"], row["low"], row["high"],
            f"{wording.figure(row, unit)} {wording.span(row, unit)} · "
            f"{wording.based_on(row['n'])}",
            colours[row["entity_id"]], row["role"] == "brand",
        )
        for row in known.iter_rows(named=True)
    ) + published.marks(facts, kpi)  # fmt: skip
    missing = ours.filter(pl.col("value").is_null()).select("name", "n").rows()
    note = names.left_out([(wording.said(name), n) for name, n in missing])
    return Dots(
        kpi["kpi"], wording.kpi_name(kpi), _leads(facts, kpi, known), marks, unit,
        _band(facts, kpi), note, wording.worded(kpi, "formula"),
    )  # fmt: skip


def _leads(facts: Facts, kpi: Row, known: pl.DataFrame) -> str:
    """What the picture of a KPI says: where the brand stands, or who is first."""
    brand = facts.brand
    row = row_of(facts, brand["entity_id"], kpi["kpi"]) if brand else None
    if brand is not None and row is not None and row["rank"] is not None:
        return _("{kpi}: {brand} is {rank} of {of}").format(
            kpi=wording.kpi_name(kpi), brand=wording.said(brand["name"]),
            rank=i18n.ordinal(row["rank"]), of=i18n.decimal(ranked(facts, kpi["kpi"])),
        )  # fmt: skip
    first = wording.said(known["name"][0])
    if known["rank"][0] is None:
        return wording.kpi_name(kpi)
    return _("{kpi}: {who} comes first").format(kpi=wording.kpi_name(kpi), who=first)


def _band(facts: Facts, kpi: Row) -> tuple[float, float, float] | None:
    row = row_of(facts, facts.brand["entity_id"], kpi["kpi"]) if facts.brand else None
    if row is None or any(row[name] is None for name in ("peer_p25", "peer_median", "peer_p75")):
        return None
    return row["peer_p25"], row["peer_median"], row["peer_p75"]


def name_of(facts: Facts, entity_id: str | None) -> str:
    """An entity's name as it is shown."""
    found = facts.entities.filter(pl.col("entity_id") == entity_id)["name"].to_list()
    return wording.said(found[0] if found else entity_id or i18n.NONE)
