"""The influencers: how big, how regular, how engaging, how paid, and what to ask about."""

import polars as pl

from dashboard import audited, i18n, names
from dashboard.i18n import _, ngettext
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Block, Cell, Column, Section, Table
from dashboard.report.standing import name_of, registry, row_of

RATE, GROWTH, PACE = "engagement_rate", "follower_growth_pct", "posts_per_week"


def section(facts: Facts) -> Section | None:
    """Each influencer's figures, and which of them are worth a look; None where none is watched."""
    rows = list(facts.influencers.iter_rows(named=True))
    if not rows:
        return None
    blocks: list[Block] = [_table(facts, rows)]
    odd = facts.audits.filter(pl.col("status") == "watch")
    if not odd.is_empty():
        blocks.append(_signals(facts, odd))
    note = _(
        "Ranked among themselves. Followers are summed over channels. Worth a look: a figure "
        "outside what is usual over 90 days, a reason to ask and never a proof; one honest account "
        "in twenty lies outside."
    )
    return Section("influencers", _("Influencers"), _message(facts, odd), (note,), tuple(blocks))


def _message(facts: Facts, odd: pl.DataFrame) -> str:
    done = facts.audits.filter(pl.col("status") != "not enough posts").height
    if not done:
        return _("Their figures can’t be checked yet: not enough posts")
    checks = ngettext("{n} check", "{n} checks", done)
    if odd.is_empty():
        return _("{checks} of their figures found nothing unusual").format(checks=checks)
    return _("{odd} of {checks} found a figure worth a look").format(
        odd=i18n.decimal(odd.height), checks=checks
    )


def _table(facts: Facts, rows: list[Row]) -> Table:
    known = registry(facts)
    kpis = [known[kpi] for kpi in (RATE, GROWTH, PACE) if kpi in known]
    columns = (
        Column("who", _("Who"), wide=True), Column("followers", _("Followers"), "count"),
        *(Column(kpi["kpi"], wording.kpi_name(kpi)) for kpi in kpis),
        Column("posts", _("Posts (n)"), "count"), Column("paid", _("Disclosed as paid")),
        Column("weeks", _("Weeks with a post")),
    )  # fmt: skip
    lines = tuple(_line(facts, row, kpis) for row in rows)
    return Table("influencers", _("Influencers"), columns, lines)


def _line(facts: Facts, row: Row, kpis: list[Row]) -> tuple[Cell, ...]:
    who = name_of(facts, row["entity_id"])
    weeks = f"{i18n.decimal(row['weeks_active'])}\u00a0/\u00a0{i18n.decimal(row['weeks'])}"
    return (
        Cell(who, who), wording.count(row["followers"]),
        *(_figure(facts, row["entity_id"], kpi) for kpi in kpis),
        wording.count(row["posts"]), _paid(row), Cell(weeks if row["weeks"] else i18n.NONE),
    )  # fmt: skip


def _figure(facts: Facts, entity_id: str, kpi: Row) -> Cell:
    row = row_of(facts, entity_id, kpi["kpi"])
    if row is None or row["value"] is None:
        return Cell(names.missing(row["n"] if row else 0))
    small = f"{wording.span(row, kpi['unit'])} {wording.based_on(row['n'])}"
    unit = kpi["unit"]
    return Cell(wording.figure(row, unit), row["value"], small, kind=wording.kind(unit))


def _paid(row: Row) -> Cell:
    if row["posts"] < wording.FLOOR:
        return Cell(_("not enough posts"))
    span = i18n.interval(row["share_low"], row["share_high"], i18n.percent)
    return Cell(i18n.percent(row["share"]), row["share"], span, kind="ratio")


def _signals(facts: Facts, odd: pl.DataFrame) -> Table:
    columns = (
        Column("who", _("Who"), wide=True), Column("check", _("Check"), wide=True),
        Column("found", _("Found")), Column("n", "n", "count"),
        Column("reading", _("What may lie behind"), wide=True), Column("evidence", _("Evidence")),
    )  # fmt: skip
    lines = tuple(_signal(facts, row) for row in odd.iter_rows(named=True))
    note = _("In brackets: of shares the 95% interval, else what is usual.")
    return Table("signals", _("Worth a look"), columns, lines, note)


def _signal(facts: Facts, row: Row) -> tuple[Cell, ...]:
    who, check = name_of(facts, row["entity_id"]), audited.name(row["check"])
    reading = audited.reading(row)
    return (
        Cell(who, who, names.platform(row["platform"])), Cell(check, check),
        Cell(audited.figure(row), row["value"], audited.span(row)), wording.count(row["n"]),
        Cell(reading, reading), _evidence(facts, row),
    )  # fmt: skip


def _evidence(facts: Facts, row: Row) -> Cell:
    """The newest post behind a check, or its days."""
    posts = audited.posts(row)
    known = [facts.cards[one] for one in reversed(posts) if one in facts.cards]
    if known:
        return wording.post(known[0])
    days = ", ".join(map(i18n.day, audited.days(row)[-2:]))
    return Cell(days or (wording.posts(len(posts)) if posts else i18n.NONE), days)
