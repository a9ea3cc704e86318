"""What is talked about, and what rises and falls."""

from typing import Final

import polars as pl

from dashboard import i18n, names, theme
from dashboard.i18n import _, ngettext
from dashboard.report import wording
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Block, Cell, Column, Dots, Mark, Section, Table
from dashboard.report.standing import name_of

WORDS: Final = 6
PEOPLE: Final = 9
"""Columns of entities that fit on a page."""
TRENDS: Final = 12
STEADY: Final = 5
"""Things without a trend that the table shows too, for comparison."""
TINTS: Final = {"rising": theme.GOOD, "falling": theme.BAD, "steady": theme.GREY}
LEAST_Q: Final = 0.001


def sections(facts: Facts) -> list[Section]:
    """Content types and trends."""
    return [_types(facts), _trends(facts)]


def _types(facts: Facts) -> Section:
    title = _("Content types")
    if facts.types.is_empty():
        words = _("No type of content has been found yet: too few posts with text.")
        return Section("types", title, words)
    note = _(
        "Found by grouping posts that speak alike. Stability: how well the type comes back "
        "when the posts are drawn again, 0 to 1. Silhouette: how far it stands from the "
        "others, −1 to 1."
    )
    blocks: list[Block] = [_kinds(facts)]
    if (shares := _shares(facts)) is not None:
        blocks.append(shares)
    return Section("types", title, _favourite(facts), (note,), tuple(blocks))


def _favourite(facts: Facts) -> str:
    """What the brand speaks of most, beside what the market does."""
    words = _("What the market talks about")
    if facts.brand is None:
        return words
    mine = facts.type_shares.filter(
        pl.col("entity_id") == facts.brand["entity_id"], pl.col("n") >= wording.FLOOR
    ).sort("share", "type_id", descending=[True, False])
    if mine.is_empty():
        return words
    row = mine.row(0, named=True)
    return _("{brand} talks most about “{label}”: {share} of its posts").format(
        brand=wording.said(facts.brand["name"]), label=label_of(facts, row["type_id"]),
        share=i18n.percent(row["share"], 0),
    )  # fmt: skip


def label_of(facts: Facts, type_id: str) -> str:
    """A content type as people name it."""
    found = facts.types.filter(pl.col("type_id") == type_id)["label"].to_list()
    return wording.said(found[0] if found else type_id)


def _kinds(facts: Facts) -> Table:
    total = int(facts.types["size"].sum())
    columns = (
        Column("type", _("Type and its words"), wide=True), Column("size", _("Posts (n)"), "count"),
        Column("share", _("Share of typed posts"), "ratio", formula="={size}/SUM({size:all})"),
        Column("stability", _("Stability"), "number"),
        Column("silhouette", _("Silhouette"), "number", sheet=True),
        Column("example", _("Example"), wide=True),
    )  # fmt: skip
    lines = []
    for row in facts.types.iter_rows(named=True):
        label, words = wording.said(row["label"]), [wording.said(w, 24) for w in row["keywords"]]
        other = [word for word in words if word.lower() not in label.lower()][:WORDS]
        share = row["size"] / total if total else None
        lines.append((
            Cell(label, label, " · ".join(other)), wording.count(row["size"]),
            Cell(i18n.percent(share, 1), share),
            Cell(i18n.decimal(row["stability"], 2), row["stability"]),
            Cell(i18n.decimal(row["silhouette"], 2), row["silhouette"]),
            _example(facts, row["examples"]),
        ))  # fmt: skip
    note = _("This table counts every post read so far, whatever the period and platform.")
    return Table("types", _("Types of content"), columns, tuple(lines), note)


def _example(facts: Facts, post_ids: list[str] | None) -> Cell:
    known = [facts.cards[one] for one in post_ids or [] if one in facts.cards]
    if not known:
        return Cell(i18n.NONE)
    return wording.post(known[0], name_of(facts, known[0]["entity_id"]))


def _shares(facts: Facts) -> Table | None:
    rows = facts.type_shares.filter(pl.col("n") >= wording.FLOOR)
    ids = [one for one in facts.entities["entity_id"] if one in set(rows["entity_id"])][:PEOPLE]
    if not ids:
        return None
    found = {(row["type_id"], row["entity_id"]): row for row in rows.iter_rows(named=True)}
    deepest = max((row["share"] for row in found.values()), default=0) or 1
    counts = {row["entity_id"]: row["n"] for row in found.values()}
    columns = [Column("type", _("Content type"), wide=True)]
    for place, one in enumerate(ids):
        head = f"{name_of(facts, one)} ({wording.based_on(counts[one])})"
        columns.append(Column(f"share{place}", head, "ratio"))
    lines = tuple(
        (Cell(label := label_of(facts, kind), label),
         *(_part(found.get((kind, one)), deepest) for one in ids))
        for kind in facts.types["type_id"]
    )  # fmt: skip
    note = _("Share of each entity’s posts of the period, with its 95% interval. Entities with "
             "fewer than 5 posts are left out.")  # fmt: skip
    return Table("type_shares", _("Who talks about what"), tuple(columns), lines, note)


def _part(row: Row | None, deepest: float) -> Cell:
    if row is None:
        return Cell(i18n.percent(0.0, 0), 0.0)
    span = i18n.interval(row["share_low"], row["share_high"], lambda part: i18n.percent(part, 0))
    return Cell(i18n.percent(row["share"], 0), row["share"], span, shade=row["share"] / deepest)


def trend_label(facts: Facts, row: Row) -> str:
    """A trend as it is named: a hashtag, a format, a content type."""
    if row["kind"] == "hashtag":
        return f"#{wording.said(row['key'])}"
    return names.form(row["key"]) if row["kind"] == "format" else label_of(facts, row["key"])


def in_sentence(facts: Facts, row: Row) -> str:
    """The same inside a sentence."""
    label = trend_label(facts, row)
    return label.lower() if row["kind"] == "format" else label


def moving(facts: Facts, status: str) -> list[Row]:
    """What rises (or falls) this week, the surest first."""
    return list(facts.trends.filter(pl.col("status") == status).iter_rows(named=True))


def trend_sentence(facts: Facts) -> str:
    """What moves this week."""
    rising, falling = moving(facts, "rising"), moving(facts, "falling")
    if not rising and not falling:
        return _("Nothing rises or falls beyond chance this week")
    parts = []
    if rising:
        labels = wording.listed([in_sentence(facts, row) for row in rising[:3]])
        parts.append(_("rising: {what}").format(what=labels))
    if falling:
        labels = wording.listed([in_sentence(facts, row) for row in falling[:3]])
        parts.append(_("falling: {what}").format(what=labels))
    return i18n.sentence(_("; ").join(parts))


def _trends(facts: Facts) -> Section:
    title = _("Trends")
    if facts.trends.is_empty():
        words = _("Nothing could be tested yet: trends need some weeks of posts.")
        return Section("trends", title, words)
    tested = ngettext(
        "One thing was tested.",
        "{n} things were tested; about one in ten of those called rising or falling may be "
        "a false alarm (Benjamini-Hochberg).",
        facts.trends.height,
    )
    surest = facts.trends.filter(pl.col("ratio").is_not_null()).head(TRENDS)
    marks = tuple(
        Mark(trend_label(facts, row), row["ratio"], row["low"], row["high"],
             f"{wording.times(row['ratio'], row['low'], row['high'])} · "
             f"{wording.based_on(row['posts'])}", TINTS[row["status"]], row["status"] != "steady")
        for row in surest.sort("ratio", descending=True).iter_rows(named=True)
        if row["ratio"] > 0
    )  # fmt: skip
    message = trend_sentence(facts)
    week = i18n.sentence(i18n.week(facts.trends["week"][0]))
    chart = Dots("trend_ratios", _("This week against the usual"), message, marks, "times",
                 note=_("{week}. Green rises, orange falls, grey is within chance.")
                 .format(week=week), method=tested)  # fmt: skip
    blocks: tuple[Block, ...] = (chart, _trend_table(facts)) if marks else (_trend_table(facts),)
    return Section("trends", title, message, (tested,), blocks)


def _trend_table(facts: Facts) -> Table:
    columns = (
        Column("what", _("What"), wide=True), Column("status", _("Direction")),
        Column("posts", _("Posts (n)"), "count"), Column("accounts", _("Accounts"), "count"),
        Column("ratio", _("Times the usual"), "times"),
        Column("low", _("{what}, low").format(what=_("Times the usual")), "times", sheet=True),
        Column("high", _("{what}, high").format(what=_("Times the usual")), "times", sheet=True),
        Column("q", _("Chance of a false alarm"), "number"),
        Column("example", _("Example"), wide=True),
    )  # fmt: skip
    moved = [*moving(facts, "rising"), *moving(facts, "falling")]
    rows = [*moved[:TRENDS], *moving(facts, "steady")[:STEADY]]
    lines = tuple(_trend_line(facts, row) for row in rows)
    return Table("trends", _("What rises and what falls"), columns, lines)


def _trend_line(facts: Facts, row: Row) -> tuple[Cell, ...]:
    label = trend_label(facts, row)
    q = row["q_value"]
    small = q is not None and q < LEAST_Q
    tone = {"rising": "ahead", "falling": "behind"}.get(row["status"], "level")
    return (
        Cell(label, label, names.trend_kind(row["kind"])),
        Cell(names.status(row["status"]), names.status(row["status"]), tone=tone),
        wording.count(row["posts"]), wording.count(row["accounts"]),
        Cell(f"{i18n.times(row['ratio'])}×", row["ratio"],
             i18n.interval(row["low"], row["high"], i18n.times)),
        Cell("", row["low"]), Cell("", row["high"]),
        Cell(i18n.NONE if q is None else
             f"{'< ' if small else ''}{i18n.decimal(max(LEAST_Q, q), 3)}", q),
        _example(facts, row["examples"]),
    )  # fmt: skip
