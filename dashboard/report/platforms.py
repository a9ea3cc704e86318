"""A page a platform: how the brand stands there, every figure and the chief pictures."""

from dataclasses import replace
from typing import Final

import polars as pl

from dashboard import names
from dashboard.i18n import _, ngettext
from dashboard.report import standing, wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Block, Cell, Column, Section, Table

KEY: Final = "on-"
"""How the key of a platform's section begins."""
CHARTS: Final = (standing.HEADLINE, "posts_per_week")
"""KPIs that get a picture on each platform."""
SIDE_BY_SIDE: Final = ("share_of_posts", "engagement_rate", "engagement_per_post")
"""KPIs of everybody who published there."""


def sections(facts: Facts) -> list[Section]:
    """One for each platform on which anybody but topics published in the period."""
    if len(facts.by_platform) < 2:  # noqa: PLR2004 - one alone says what the whole report says
        return []
    titles = dict(facts.platforms.select("platform", "title").iter_rows())
    return [
        _section(replace(facts, benchmark=rows, platform=name), titles.get(name))
        for name, rows in sorted(facts.by_platform.items())
        if not _published(facts, rows).is_empty()
    ]


def _published(facts: Facts, rows: pl.DataFrame) -> pl.DataFrame:
    """The line of each brand compared that published on a platform; n is its posts."""
    ours = facts.entities.filter(pl.col("role").is_in(standing.PEERS))["entity_id"]
    return rows.filter(
        pl.col("kpi") == "posts_per_week", pl.col("entity_id").is_in(ours.implode()),
        pl.col("n") > 0,
    )  # fmt: skip


def _section(facts: Facts, title: str | None) -> Section:
    where = names.platform(facts.platform, title)
    there = _published(facts, facts.benchmark)
    tables = [
        replace(one, key=f"{one.key}_{facts.platform}", title=f"{where} · {one.title}")
        for one in standing.scorecard(facts)
    ]
    known = standing.registry(facts)
    drawn = [standing.dots(facts, known[kpi]) for kpi in CHARTS if kpi in known]
    charts = [
        replace(one, key=f"{one.key}_{facts.platform}")
        for one in drawn if one is not None and len(one.marks) > 1
    ]  # fmt: skip
    who = ngettext("{n} of the brands compared", "{n} of the brands compared", there.height)
    posts = ngettext("{n} post", "{n} posts", int(there["n"].sum()))
    note = _("{who} published here: {posts}.").format(who=who, posts=posts)
    heading = _("On {platform}").format(platform=where)
    blocks: tuple[Block, ...] = (*tables, *charts, _who(facts, there, where))
    told = _message(facts, there, where)
    return Section(f"{KEY}{facts.platform}", heading, told, (note,), blocks)


def _message(facts: Facts, there: pl.DataFrame, where: str) -> str:
    if facts.brand is None or facts.brand["entity_id"] in set(there["entity_id"]):
        return standing.verdicts(facts)[0]
    brand = standing.name_of(facts, facts.brand["entity_id"])
    return _("{brand} did not publish on {platform} in this period").format(
        brand=brand, platform=where
    )


def _who(facts: Facts, there: pl.DataFrame, where: str) -> Table:
    """Everybody compared who published there: the chief figures side by side."""
    known = standing.registry(facts)
    kpis = [known[kpi] for kpi in SIDE_BY_SIDE if kpi in known]
    columns = (
        Column("who", _("Who"), wide=True), Column("posts", _("Posts (n)"), "count"),
        *(Column(kpi["kpi"], wording.kpi_name(kpi)) for kpi in kpis),
    )  # fmt: skip
    place = {one: n for n, one in enumerate(facts.entities["entity_id"])}
    rows = sorted(there.iter_rows(named=True), key=lambda row: place[row["entity_id"]])
    brand = facts.brand["entity_id"] if facts.brand else None
    bold = frozenset(n for n, row in enumerate(rows) if row["entity_id"] == brand)
    lines = tuple(_line(facts, row, kpis) for row in rows)
    title = _("{platform} · side by side").format(platform=where)
    return Table(f"who_{facts.platform}", title, columns, lines, bold=bold, dense=True)


def _line(facts: Facts, row: Row, kpis: list[Row]) -> tuple[Cell, ...]:
    who = standing.name_of(facts, row["entity_id"])
    return (Cell(who, who), wording.count(row["n"]), *(
        _figure(kpi, standing.row_of(facts, row["entity_id"], kpi["kpi"])) for kpi in kpis
    ))  # fmt: skip


def _figure(kpi: Row, row: Row | None) -> Cell:
    if row is None or row["value"] is None:
        return Cell(names.missing(row["n"] if row else 0))
    unit = kpi["unit"]
    return Cell(wording.figure(row, unit), row["value"], wording.span(row, unit),
                kind=wording.kind(unit))  # fmt: skip
