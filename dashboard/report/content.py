"""A report's content: sentences written from numbers by fixed patterns, and the figures below."""

import polars as pl

from dashboard import i18n, names
from dashboard.i18n import _, ngettext
from dashboard.report import (
    annex,
    definitions,
    effects,
    gaps,
    influencers,
    platforms,
    publishing,
    standing,
    tone,
    topics,
    wording,
)
from dashboard.report.facts import Facts, Row
from dashboard.report.model import Finding, Report, Section


def build(facts: Facts, *, zone: str, lang: str) -> Report:
    """The report on these facts.

    Args:
        facts: the frames of one lake and period; empty ones give a report that says so.
        zone: the time zone that times are told in.
        lang: `fr` or `en`.
    """
    i18n.use(lang, zone)
    brand, market = facts.brand, wording.said(facts.market, 80)
    subject = wording.said(brand["name"], 60) if brand else market or _("The market")
    whole = not facts.entities.is_empty() and not facts.benchmark.is_empty()
    return Report(
        lang=i18n.lang(),
        title=_("Competitive audit"),
        subject=subject,
        market=market if brand else "",
        facts=_cover(facts),
        findings=tuple(_findings(facts)) if whole else (_nothing(facts),),
        cards=standing.cards(facts) if whole else (),
        sections=tuple(_sections(facts, whole=whole)),
        footer=" · ".join(filter(None, [subject, names.period(facts.period), _until(facts)])),
        words={
            "contents": _("Contents"), "findings": _("What to remember"), "summary": _("Summary"),
            "shown": _("shown of"),
            "source": _("Public pages read by Vigie. Every figure with its n and 95% interval."),
        },
    )  # fmt: skip


def _sections(facts: Facts, *, whole: bool) -> list[Section]:
    middle = [
        standing.section(facts),
        gaps.section(facts),
        *platforms.sections(facts),
        publishing.section(facts),
        effects.section(facts),
        *topics.sections(facts),
        tone.section(facts),
        influencers.section(facts),
        annex.alerts(facts),
    ]
    last = (definitions.section(facts) if whole else None, annex.figures(facts))
    parts = [*(middle if whole else []), annex.coverage(facts), annex.method(facts), *last]
    return [part for part in parts if part is not None]


def _until(facts: Facts) -> str:
    return i18n.day(facts.as_of) if facts.as_of else ""


def _cover(facts: Facts) -> tuple[tuple[str, str], ...]:
    """What the cover says of the report."""
    watched = _watched(facts.entities["role"].to_list())
    first, last = facts.captured
    period = names.period(facts.period)
    if facts.started and facts.as_of:
        days = f"{i18n.day(facts.started)} {i18n.DASH} {i18n.day(facts.as_of)}"
        period = f"{i18n.sentence(period)} ({days})"
    captured = f"{i18n.moment(first)} {i18n.DASH} {i18n.stamp(last)}" if first else i18n.NONE
    lines = [
        (_("Compared with"), wording.listed(watched) if watched else i18n.NONE),
        (_("Period"), period), (_("Pages captured"), captured),
        (_("Version of the data"), facts.version[:12] or i18n.NONE),
    ]  # fmt: skip
    return tuple(lines)


def _watched(roles: list[str]) -> list[str]:
    """How many of each role the brand is compared with."""
    rivals, voices, themes = map(roles.count, ("competitor", "influencer", "topic"))
    words = (
        ngettext("{n} competitor", "{n} competitors", rivals),
        ngettext("{n} influencer", "{n} influencers", voices),
        ngettext("{n} topic", "{n} topics", themes),
    )
    return [text for text, n in zip(words, (rivals, voices, themes), strict=True) if n]


def _nothing(facts: Facts) -> Finding:
    if facts.entities.is_empty():
        why = _("Nothing was crawled into this lake: run vigie run, then ask again.")
        return Finding(_("Nothing to report yet"), why)
    why = _(
        "Pages were crawled, but no figure was computed from them: run vigie build, then ask again."
    )
    return Finding(_("No figures yet"), why)


def _findings(facts: Facts) -> list[Finding]:
    found = [_rank(facts), _verdict(facts), _gap(facts), _format(facts), _rising(facts),
             _attention(facts), _read(facts)]  # fmt: skip
    return [one for one in found if one is not None]


def _rank(facts: Facts) -> Finding | None:
    """Where the brand ranks on the headline figure, how sure that is."""
    brand, kpi = facts.brand, standing.registry(facts).get(standing.HEADLINE)
    row = standing.row_of(facts, brand["entity_id"], standing.HEADLINE) if brand else None
    if brand is None or kpi is None or row is None:
        return None
    name, inside = wording.said(brand["name"]), wording.inside(kpi)
    if row["rank"] is None:
        title = _("Not enough posts to rank {brand} by {kpi}").format(brand=name, kpi=inside)
        return Finding(title, wording.based_on(row["n"]))
    of = standing.ranked(facts, standing.HEADLINE)
    title = _("{kpi}: {brand} is {rank} of {of}").format(
        kpi=wording.kpi_name(kpi), brand=name, rank=i18n.ordinal(row["rank"]), of=i18n.decimal(of)
    )
    return Finding(title, _rank_detail(kpi, row), _tone(row["verdict"]))


def _rank_detail(kpi: Row, row: Row) -> str:
    unit = kpi["unit"]
    parts = [
        f"{wording.figure(row, unit)} {wording.span(row, unit)}".strip(),
        wording.based_on(row["n"]),
    ]
    if span := wording.rank_span(row):
        parts.append(_("rank {interval} at 95%").format(interval=span))
    if row["peer_median"] is not None:
        median = names.figure(row["peer_median"], unit)
        parts.append(_("median of the others {value}").format(value=median))
    return i18n.sentence(f"{', '.join(parts)}.")


def _tone(verdict: str) -> str:
    return {"ahead": "good", "behind": "bad"}.get(verdict, "plain")


def _verdict(facts: Facts) -> Finding | None:
    if facts.brand is None:
        return None
    title, detail = standing.verdicts(facts)
    return Finding(title, detail)


def _gap(facts: Facts) -> Finding | None:
    if facts.brand is None or facts.gaps.is_empty():
        return None
    row = facts.gaps.row(0, named=True)
    if row["gap"] <= 0:
        who = standing.name_of(facts, row["competitor_id"])
        closest = _("The closest is {who}.").format(who=who)
        return Finding(gaps.sentence(facts), f"{closest} {gaps.detail(row)}", "good")
    return Finding(gaps.sentence(facts), gaps.detail(row), "bad")


def _format(facts: Facts) -> Finding | None:
    rows = publishing.known(facts)
    if rows.is_empty():
        return None
    words = [
        f"{names.form(row['format']).lower()} "
        f"{wording.times(row['lift'], row['lift_low'], row['lift_high'])}, "
        f"{wording.based_on(row['posts'])}"
        for row in rows.head(3).iter_rows(named=True)
    ]
    sure = not rows.filter(pl.col("lift_low") > 1).is_empty()
    return Finding(publishing.best_format(facts), i18n.sentence(_("; ").join(words)) + ".",
                   "good" if sure else "plain")  # fmt: skip


def _rising(facts: Facts) -> Finding | None:
    if facts.trends.is_empty():
        return None
    rows = [*topics.moving(facts, "rising")[:3], *topics.moving(facts, "falling")[:2]]
    words = [
        f"{topics.in_sentence(facts, row)} "
        f"{wording.times(row['ratio'], row['low'], row['high'])}, "
        f"{wording.posts(row['posts'])}, {wording.accounts(row['accounts'])}"
        for row in rows
    ]
    detail = _("Times the usual week: {what}.").format(what=_("; ").join(words)) if words else ""
    return Finding(topics.trend_sentence(facts), detail, "watch" if words else "plain")


def _attention(facts: Facts) -> Finding:
    if facts.alerts.is_empty():
        return Finding(annex.alert_sentence(facts), "")
    gravity = {"critical": 0, "warning": 1, "info": 2}
    rows = sorted(facts.alerts.iter_rows(named=True), key=lambda row: gravity[row["severity"]])
    told = [annex.alert_head(facts, row) for row in rows[:5]]
    return Finding(annex.alert_sentence(facts), f"{_('; ').join(told)}.", "watch")


def _read(facts: Facts) -> Finding:
    missing = [
        wording.said(row["account"], 40)
        for row in facts.coverage.iter_rows(named=True)
        if row["complete"] is False
    ]
    detail = _("Fell short: {what}.").format(what=wording.listed(missing[:5])) if missing else ""
    return Finding(
        annex.coverage_sentence(facts).rstrip("."), detail, "watch" if missing else "plain"
    )
