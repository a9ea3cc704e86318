"""How the comments sound, with how well their reader was measured to read."""

import polars as pl

from dashboard import i18n, names, queries, toned
from dashboard.i18n import _
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Cell, Column, Section, Table
from dashboard.report.standing import name_of
from data.vocabulary import RATE_PERIODS


def section(facts: Facts) -> Section | None:
    """Everybody's shares; None where no comment was read or its reader's quality is not known."""
    quality = toned.quality(facts.models)
    order = facts.entities.filter(pl.col("role") != "topic").select("entity_id")
    rows = order.join(facts.tones, on="entity_id", maintain_order="left")
    if not quality or rows["positive"].count() == 0:
        return None
    columns = (
        Column("who", _("Whose"), wide=True),
        *(column for side, head in (("positive", _("Positive")), ("negative", _("Negative")))
          for column in _columns(side, head)),
        Column("n", _("Comments (n)"), "count"), Column("posts", _("Under posts"), "count"),
    )  # fmt: skip
    lines = tuple(_line(facts, row) for row in rows.iter_rows(named=True))
    brand = facts.brand["entity_id"] if facts.brand else None
    bold = frozenset(place for place, one in enumerate(rows["entity_id"]) if one == brand)
    title = _("Tone of the comments")
    table = Table("tone", title, columns, lines, quality, bold=bold, dense=True)
    period = names.period(queries.nearest(facts.period, RATE_PERIODS))
    about = _(
        "Of other people’s comments in French and English under posts ({period}): how many "
        "sound positive, how many negative; the others sound neutral."
    ).format(period=period)
    return Section("tone", title, _message(facts, rows), (about, toned.formula()), (table,))


def _columns(side: str, head: str) -> tuple[Column, ...]:
    return (
        Column(side, head, "ratio"),
        Column(f"{side}_low", _("{what}, low").format(what=head), "ratio", sheet=True),
        Column(f"{side}_high", _("{what}, high").format(what=head), "ratio", sheet=True),
    )


def _message(facts: Facts, rows: pl.DataFrame) -> str:
    brand = facts.brand["entity_id"] if facts.brand else ""
    mine = rows.filter(pl.col("entity_id") == brand, pl.col("positive").is_not_null())
    if mine.is_empty():
        return _("How the comments sound")
    row = mine.row(0, named=True)
    return _("Comments under {brand}’s posts: {good} sound positive, {bad} negative").format(
        brand=name_of(facts, brand), good=i18n.percent(row["positive"], 0),
        bad=i18n.percent(row["negative"], 0),
    )  # fmt: skip


def _line(facts: Facts, row: Row) -> tuple[Cell, ...]:
    who = name_of(facts, row["entity_id"])
    shares = [cell for side in ("positive", "negative") for cell in _share(row, side)]
    return (Cell(who, who), *shares, wording.count(row["n"]), wording.count(row["posts"]))


def _share(row: Row, side: str) -> tuple[Cell, Cell, Cell]:
    low, high = row[f"{side}_low"], row[f"{side}_high"]
    if row[side] is None:
        return Cell(_("not enough comments")), Cell(""), Cell("")
    figure = Cell(i18n.percent(row[side], 0), row[side],
                  i18n.interval(low, high, lambda part: i18n.percent(part, 0)))  # fmt: skip
    return figure, Cell("", low), Cell("", high)
