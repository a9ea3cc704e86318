"""What needs attention, what was read and what was not, and how every figure is computed."""

from typing import Final

import polars as pl

from dashboard import alerted, i18n, names
from dashboard.i18n import _, ngettext
from dashboard.report import published, publishing, wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Cell, Column, Section, Table
from dashboard.report.standing import name_of, registry, rows_of
from data import vocabulary

CLOSED: Final = (*vocabulary.WALLS, vocabulary.FORBIDDEN)
"""Reasons for which no robot will have the channel, so that another way is named."""
EVIDENCE: Final = 2


def alerts(facts: Facts) -> Section:
    """What was raised in the period, with the posts behind it."""
    title, found = _("To look at"), list(facts.alerts.iter_rows(named=True))
    held = facts.muted.height
    muted = ngettext("{n} muted alert is left out.", "{n} muted alerts are left out.", held)
    notes = (muted,) if held else ()
    if not found:
        return Section("alerts", title, alert_sentence(facts), notes)
    columns = (
        Column("severity", _("How urgent")), Column("what", _("What"), wide=True),
        Column("day", _("Day"), "day"), Column("evidence", _("Evidence"), wide=True),
    )  # fmt: skip
    table = Table("alerts", title, columns, tuple(_alert(facts, row) for row in found),
                  message=alert_sentence(facts))  # fmt: skip
    return Section("alerts", title, alert_sentence(facts), notes, (table,))


def alert_sentence(facts: Facts) -> str:
    """How many alerts there are, and of which kinds."""
    if facts.alerts.is_empty():
        return _("No alert was raised in this period")
    kinds = dict.fromkeys(names.alert(kind).lower() for kind in facts.alerts["kind"])
    words = ngettext("{n} alert", "{n} alerts", facts.alerts.height)
    return _("{alerts} in this period: {kinds}").format(
        alerts=words, kinds=wording.listed(list(kinds))
    )


def alert_head(facts: Facts, row: Row) -> str:
    """What happened, and to whom."""
    who = f" · {name_of(facts, row['entity_id'])}" if row["entity_id"] else ""
    return f"{names.alert(row['kind'])}{who}"


def _worded(facts: Facts, row: Row) -> str:
    """The alert's sentence, in the reader's language where its figures are kept."""
    who = dict(facts.entities.select("entity_id", "name").iter_rows())
    return alerted.title(row, who, dict(facts.types.select("type_id", "label").iter_rows()))


def _alert(facts: Facts, row: Row) -> tuple[Cell, ...]:
    severity = {"critical": _("critical"), "warning": _("warning"), "info": _("for information")}
    head, told = alert_head(facts, row), wording.said(_worded(facts, row), 160)
    known = [facts.cards[one] for one in row["post_ids"] or [] if one in facts.cards]
    counted = len(row["post_ids"] or [])
    evidence = Cell(wording.posts(counted) if counted else i18n.NONE)
    if known:
        evidence = wording.post(known[0])
    day = i18n.local(row["raised_at"]).date()
    word = severity[row["severity"]]
    return (
        Cell(word, word, tone=row["severity"]),
        Cell(told, told, head),
        Cell(i18n.day(day), day),
        evidence,
    )


def figures(facts: Facts) -> Section | None:
    """Every KPI of everybody: the appendix that the pictures are drawn from."""
    rows, known = rows_of(facts), registry(facts)
    if rows.is_empty():
        return None
    tables = tuple(
        _kpi_table(facts, kpi, part)
        for key, kpi in known.items()
        if not (part := rows.filter(pl.col("kpi") == key)).is_empty()
    )
    if not facts.formats.is_empty():
        tables = (*tables, publishing.table(facts))
    return Section("figures", _("Every figure"), _("Every figure of everybody, with its interval"),
                   (_("Influencers, topics and competitors are each ranked among themselves; the "
                      "brand among its competitors."),), tables)  # fmt: skip


def _kpi_table(facts: Facts, kpi: Row, rows: pl.DataFrame) -> Table:
    kind = wording.kind(kpi["unit"])
    low, high = (
        _("{what}, low").format(what=_("Value")),
        _("{what}, high").format(what=_("Value")),
    )
    columns = (
        Column("who", _("Who"), wide=True), Column("role", _("Role")),
        Column("value", _("Value, 95% interval"), kind),
        Column("low", low, kind, sheet=True), Column("high", high, kind, sheet=True),
        Column("n", "n", "count"), Column("rank", _("Rank"), "count"),
        Column("rank_low", _("{what}, low").format(what=_("Rank")), "count", sheet=True),
        Column("rank_high", _("{what}, high").format(what=_("Rank")), "count", sheet=True),
        Column("median", _("Median of the others"), kind),
        Column("ratio", _("Times that median"), "times", sheet=True,
               formula="={value}/{median}"),
        Column("verdict", _("Verdict")),
    )  # fmt: skip
    ordered = rows.sort("rank", "place", nulls_last=True).sort(
        pl.col("role").replace_strict({role: i for i, role in enumerate(("brand", "competitor",
        "influencer", "topic"))}).replace(0, 1), maintain_order=True)  # fmt: skip
    lines = tuple(_figure(kpi, row) for row in ordered.iter_rows(named=True))
    brand = facts.brand["entity_id"] if facts.brand else None
    bold = frozenset(i for i, one in enumerate(ordered["entity_id"]) if one == brand)
    return Table(kpi["kpi"], wording.kpi_name(kpi), columns, lines, bold=bold, dense=True)


def _figure(kpi: Row, row: Row) -> tuple[Cell, ...]:
    unit, name = kpi["unit"], wording.said(row["name"])
    median = i18n.NONE if row["peer_median"] is None else names.figure(row["peer_median"], unit)
    rank = i18n.NONE if row["rank"] is None else i18n.ordinal(row["rank"])
    ratio = row["value"] / row["peer_median"] if row["value"] is not None and row["peer_median"] \
        else None  # fmt: skip
    role, verdict = names.role(row["role"]), names.standing(row)
    return (
        Cell(name, name), Cell(role, role),
        Cell(wording.figure(row, unit), row["value"], wording.span(row, unit)),
        Cell("", row["low"]), Cell("", row["high"]), wording.count(row["n"]),
        Cell(rank, row["rank"], wording.rank_span(row)),
        Cell("", row["rank_low"]), Cell("", row["rank_high"]), Cell(median, row["peer_median"]),
        Cell("", ratio), Cell(verdict, verdict, tone=row["verdict"].partition(" ")[0]),
    )  # fmt: skip


def method(facts: Facts) -> Section:
    """The formulas, and the rules that all figures follow."""
    better = {"higher": _("higher is better"), "lower": _("lower is better"),
              "neither": _("neither way is better")}  # fmt: skip
    columns = (Column("figure", _("Figure")), Column("formula", _("Formula"), wide=True),
               Column("source", _("Source"), wide=True))  # fmt: skip
    lines = []
    for kpi in facts.kpis.iter_rows(named=True):
        about = f"{names.unit(kpi['unit'])} · {better[kpi['better']]}"
        formula, source = wording.worded(kpi, "formula"), wording.worded(kpi, "source")
        name = wording.kpi_name(kpi)
        lines.append((Cell(name, name, about), Cell(formula, formula), Cell(source, source)))
    rules = (
        _("Every figure carries the number of posts (or weeks, or comments) that it rests on, n, "
          "and its 95% interval; ranks have intervals too. Under 5 posts no figure is given."),
        _("Counts are compared at the age of 7 days: measured near then, else projected. Rates "
          "are per follower at publication. Reposts, replies and deleted posts never count."),
        _("A verdict says ahead or behind only where the difference is beyond chance; level means "
          "that the data can’t tell."),
        _("What a platform does not show stays empty; nothing is guessed. Only public pages were "
          "read, within each site’s robots.txt."),
    )  # fmt: skip
    first = (Table("method", _("Formulas"), columns, tuple(lines)),) if lines else ()
    beside = published.table(facts)
    tables = (*first, beside) if beside else first
    return Section("method", _("Method"), _("How every figure is computed"), rules, tables)


def coverage_sentence(facts: Facts) -> str:
    """How much of the watchlist was read."""
    whole, complete = facts.coverage.height, int(facts.coverage["complete"].sum())
    if complete == whole > 0:
        return ngettext(
            "The only channel was complete in its last run.",
            "All {n} channels were complete in their last run.", whole,
        )  # fmt: skip
    return _("{complete} of {all} channels were complete in their last run").format(
        complete=i18n.decimal(complete), all=i18n.decimal(whole)
    )


def coverage(facts: Facts) -> Section:
    """Each channel's last run; what fell short, why, and the lawful way to it."""
    known = {row["platform"]: row for row in facts.platforms.iter_rows(named=True)}
    order = pl.col("entity_id").replace_strict(
        {one: i for i, one in enumerate(facts.entities["entity_id"])}, default=10**6
    )
    rows = facts.coverage.sort(pl.col("complete").fill_null(value=False), order, "platform",
                               maintain_order=True)  # fmt: skip
    columns = (
        Column("who", _("Channel"), wide=True), Column("outcome", _("Outcome")),
        Column("posts", _("Posts read"), "count"), Column("new", _("New"), "count"),
        Column("day", _("Last run"), "day"), Column("why", _("What fell short"), wide=True),
    )  # fmt: skip
    lines = tuple(
        _channel(facts, row, known.get(row["platform"])) for row in rows.iter_rows(named=True)
    )
    message = coverage_sentence(facts).rstrip(".")
    table = Table("coverage", _("Channels"), columns, lines, message=message, dense=True)
    return Section("coverage", _("Coverage"), message, (), (table,) if lines else ())


def _channel(facts: Facts, row: Row, platform: Row | None) -> tuple[Cell, ...]:
    title = names.platform(row["platform"], platform["title"] if platform else None)
    who = name_of(facts, row["entity_id"])
    if row["run_id"] is None:
        outcome, tone = _("not visited yet"), "level"
    elif row["complete"]:
        outcome, tone = _("complete"), "ahead"
    else:
        outcome, tone = _("fell short"), "behind"
    day = i18n.local(row["started_at"]).date() if row["started_at"] else None
    account = f"{title} · {wording.said(row['account'], 40)}"
    why = _why(row, platform)
    return (
        Cell(who, who, account, wording.address(row["url"])), Cell(outcome, outcome, tone=tone),
        wording.count(row["posts"]), wording.count(row["new_posts"]),
        Cell(i18n.day(day), day), Cell(why or i18n.NONE, why),
    )  # fmt: skip


def _why(row: Row, platform: Row | None) -> str:
    reason = row["reason"] or ""
    if row["run_id"] is None or row["complete"]:
        return ""
    if platform is None or vocabulary.reason_key(reason) not in CLOSED:
        told = wording.said(names.reason(reason), 200)
        return told or _("fell short without saying why")
    told = wording.said(names.reason(reason.partition(vocabulary.LAWFUL)[0]), 160)
    way = wording.worded(platform, "alternative")
    return _("{why}. Instead: {way}").format(why=told, way=way.replace("`", ""))
