"""How the brand stands: headline figures, every KPI over everybody, the gap to each competitor."""

from typing import Final

import polars as pl

from dashboard import i18n, names
from dashboard.i18n import _, ngettext
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import (
    Block,
    Card,
    Cell,
    Column,
    Dots,
    Mark,
    Section,
    Series,
    Stack,
    Table,
)

HEADLINE: Final = "engagement_rate"
CHARTS: Final = (HEADLINE, "posts_per_week", "engagement_per_post", "share_of_engagement",
                 "follower_growth_pct", "reply_rate")  # fmt: skip
"""KPIs that get a picture; the others stand in the tables."""
PEERS: Final = ("brand", "competitor")
PARTS: Final = {"from_volume": "#0072B2", "from_mix": "#E69F00", "from_rate": "#009E73"}
KINDS: Final = {"ratio": "ratio", "%": "percent"}


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
        _card(known[kpi], row)
        for kpi in wanted
        if brand is not None and (row := row_of(facts, brand["entity_id"], kpi)) is not None
    ]
    return tuple(found)


def _card(kpi: Row, row: Row) -> Card:
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
    verdict = "" if row["value"] is None else names.verdict(row["verdict"])
    value, after = wording.figure(row, unit), ""
    if row["value"] is not None and unit != "%":
        value, after = names.bare(unit)(row["value"]), names.unit_after(unit)
    return Card(
        wording.kpi_name(kpi), value, after, tuple(lines), verdict, row["verdict"].partition(" ")[0]
    )


def sections(facts: Facts) -> list[Section]:
    """The benchmark and the gaps."""
    return [_benchmark(facts), _gaps(facts)]


def _benchmark(facts: Facts) -> Section:
    blocks: list[Block] = [*_scorecard(facts)]
    known = registry(facts)
    charts = [_dots(facts, known[kpi]) for kpi in CHARTS if kpi in known]
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


def _scorecard(facts: Facts) -> list[Table]:
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
    unit = kpi["unit"]
    median = i18n.NONE if row["peer_median"] is None else names.figure(row["peer_median"], unit)
    rank = i18n.NONE if row["rank"] is None else i18n.ordinal(row["rank"])
    tone = row["verdict"].partition(" ")[0]
    return (
        Cell(wording.kpi_name(kpi), wording.kpi_name(kpi)),
        Cell(wording.figure(row, unit), row["value"], wording.span(row, unit)),
        wording.count(row["n"]),
        Cell(rank, row["rank"], wording.rank_span(row)),
        Cell(median, row["peer_median"]),
        Cell(names.verdict(row["verdict"]), names.verdict(row["verdict"]), tone=tone),
    )


def _dots(facts: Facts, kpi: Row) -> Dots | None:
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
    )  # fmt: skip
    missing = [
        f"{wording.said(row['name'])} ({wording.based_on(row['n'])})"
        for row in ours.filter(pl.col("value").is_null()).iter_rows(named=True)
    ]
    note = _("Not enough posts: {who}").format(who=", ".join(missing)) if missing else ""
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


def part_name(part: str) -> str:
    """What a part of a gap comes from."""
    words = {"from_volume": _("Volume"), "from_mix": _("Format mix"),
             "from_rate": _("Engagement per post")}  # fmt: skip
    return words[part]


def gap_sentence(facts: Facts) -> str:
    """The widest gap to a competitor that gets more, or that nobody does."""
    if facts.gaps.is_empty() or facts.brand is None:
        return _("No gap could be measured: too few posts")
    row, brand = facts.gaps.row(0, named=True), wording.said(facts.brand["name"])
    if row["gap"] <= 0:
        return _("No competitor gets more engagement a week than {brand}").format(brand=brand)
    return _("{who} gets {gap} interactions a week more than {brand}").format(
        who=name_of(facts, row["competitor_id"]), gap=i18n.decimal(row["gap"]), brand=brand
    )


def gap_detail(row: Row) -> str:
    """What a gap is made of."""
    parts = [
        f"{part_name(part).lower()} {wording.signed(row[part])} "
        f"{wording.signed_span(row[f'{part}_low'], row[f'{part}_high'])}".strip()
        for part in PARTS
    ]
    whole = f"{wording.signed(row['gap'])} {wording.signed_span(row['gap_low'], row['gap_high'])}"
    detail = _("Gap {gap}, made of: {parts}.").format(gap=whole.strip(), parts=_("; ").join(parts))
    if (row["gap_low"] or 0) <= 0 <= (row["gap_high"] or 0):
        detail += " " + _("Its interval holds zero: it may be chance.")
    return detail


def name_of(facts: Facts, entity_id: str | None) -> str:
    """An entity's name as it is shown."""
    found = facts.entities.filter(pl.col("entity_id") == entity_id)["name"].to_list()
    return wording.said(found[0] if found else entity_id or i18n.NONE)


def _gaps(facts: Facts) -> Section:
    title, message = _("Where the gap comes from"), gap_sentence(facts)
    if facts.gaps.is_empty():
        return Section("gaps", title, message)
    note = _(
        "Their engagement a week minus the brand’s, split into what comes from publishing more "
        "or less, from choosing other formats, and from what a post brings. The parts add up to "
        "the gap."
    )
    rows = list(facts.gaps.iter_rows(named=True))
    labels = tuple(name_of(facts, row["competitor_id"]) for row in rows)
    series = tuple(
        Series(part_name(part), colour, tuple(row[part] for row in rows))
        for part, colour in PARTS.items()
    )
    totals = tuple(
        Mark(label, row["gap"], row["gap_low"], row["gap_high"],
             f"{wording.signed(row['gap'])} "
             f"{wording.signed_span(row['gap_low'], row['gap_high'])}".strip(), "#17212E")
        for label, row in zip(labels, rows, strict=True)
    )  # fmt: skip
    chart = Stack("gap_parts", _("Engagement a week, against the brand’s"), message, labels,
                  series, totals, method=note)  # fmt: skip
    return Section("gaps", title, message, (note,), (chart, _gap_table(rows, labels)))


def _gap_table(rows: list[Row], labels: tuple[str, ...]) -> Table:
    heads = {"gap": _("Gap"), **{part: part_name(part) for part in PARTS}}
    columns = [Column("who", _("Competitor"), wide=True)]
    for key, head in heads.items():
        formula = "={from_volume}+{from_mix}+{from_rate}" if key == "gap" else ""
        columns += [
            Column(key, head, "signed", formula=formula),
            Column(f"{key}_low", _("{what}, low").format(what=head), "signed", sheet=True),
            Column(f"{key}_high", _("{what}, high").format(what=head), "signed", sheet=True),
        ]
    lines = []
    for row, label in zip(rows, labels, strict=True):
        cells = [Cell(label, label)]
        for key in heads:
            low, high = row[f"{key}_low"], row[f"{key}_high"]
            cells += [
                Cell(wording.signed(row[key]), row[key], wording.signed_span(low, high)),
                Cell(wording.signed(low), low), Cell(wording.signed(high), high),
            ]  # fmt: skip
        lines.append(tuple(cells))
    return Table("gaps", _("The gap to each competitor, interactions a week"), tuple(columns),
                 tuple(lines))  # fmt: skip
