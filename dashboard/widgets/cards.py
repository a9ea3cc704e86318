"""Cards: a figure with its interval and n, a post with its lift."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl
import streamlit as st

from dashboard import i18n, names, queries, theme
from dashboard.i18n import _, ngettext
from dashboard.widgets.filters import address
from dashboard.widgets.safe import esc, link, shorten

Row = Mapping[str, Any]
POSTS: Final = "screens/posts.py"
MEDIA: Final = ("photo", "carousel", "video", "short", "story", "live", "audio")
"""Formats of more than words. Their media are not kept, nor fetched from elsewhere by a page."""
MOST: Final = 280
"""Characters of a post on its card."""


def kpi_name(kpi: Row) -> str:
    """A KPI's name in the reader's language."""
    return str(kpi[f"name_{i18n.lang()}"])


def _worded(kpi: Row, column: str) -> str:
    """A text of the registry in the reader's language; English where the lake is older."""
    return str(kpi.get(f"{column}_{i18n.lang()}") or kpi[column])


def based_on(n: int) -> str:
    """What a figure rests on."""
    return f"n\u00a0=\u00a0{i18n.decimal(n)}"


def rank_words(row: Row) -> str:
    """`2nd [1st–4th]`, or a dash where nobody is ranked."""
    if row["rank"] is None:
        return i18n.NONE
    return f"{i18n.ordinal(row['rank'])} {rank_interval(row)}"


def rank_interval(row: Row) -> str:
    """`[1st–4th]`, or nothing where it is not known."""
    if row["rank_low"] is None or row["rank_high"] is None:
        return ""
    return f"[{i18n.ordinal(row['rank_low'])}{i18n.DASH}{i18n.ordinal(row['rank_high'])}]"


def with_interval(row: Row, unit: str) -> str:
    """`1.2% [0.9%–1.5%]`."""
    span = i18n.interval(row["low"], row["high"], names.bare(unit))
    return f"{names.figure(row['value'], unit)} {span}".strip()


def verdict_chip(row: Row) -> str:
    """An entity's verdict, or why it has none, as a small label (HTML)."""
    kind = row["verdict"].partition(" ")[0]
    return f'<span class="v-chip v-{esc(kind)}">{esc(names.standing(row))}</span>'


def strip(row: Row) -> str:
    """A figure and its interval over the quartiles of its peers, as a line of HTML."""
    if any(row[name] is None for name in ("value", "low", "high", "peer_p25", "peer_p75")):
        return ""
    ends = [row[name] for name in ("low", "high", "peer_p25", "peer_p75")]
    left, right = min(0.0, *ends), max(ends) * 1.06 or 1.0

    def at(value: float) -> float:
        return float(round(100 * (value - left) / (right - left), 2))

    def span(low: float, high: float) -> str:
        return f"left:{at(low)}%;width:{round(at(high) - at(low), 2)}%"

    return (
        '<div class="v-strip"><i class="v-axis"></i>'
        f'<i class="v-band" style="{span(row["peer_p25"], row["peer_p75"])}"></i>'
        f'<i class="v-mid" style="left:{at(row["peer_median"])}%"></i>'
        f'<i class="v-rule" style="{span(row["low"], row["high"])}"></i>'
        f'<i class="v-dot" style="left:{at(row["value"])}%"></i></div>'
    )


def _card(label: str, value: str, lines: list[str], foot: str = "") -> None:
    subs = "".join(f'<div class="v-sub">{line}</div>' for line in lines)
    st.html(
        f'<div class="v-card"><div class="v-label">{esc(label)}</div>{value}{subs}'
        f'<div class="v-foot">{foot}</div></div>'
    )


def unknown(kpi: str, n: int) -> str:
    """Why a KPI has no value although there is enough to compute it from, where that is sure."""
    if n >= names.FLOOR and kpi == "reply_median_min":
        return _("Fewer than half of the comments were answered: their median has not come yet.")
    return ""


def few(label: str, n: int, why: str = "") -> None:
    """The card of a figure that is not given, mostly because too few posts carry it."""
    lines = [esc(based_on(n)), *([esc(why)] if why else [])]
    _card(label, f'<div class="v-value v-few">{esc(names.missing(n))}</div>', lines)


def rank_card(kpi: Row, row: Row, ranked: int, more: Sequence[str] = ()) -> None:
    """Where an entity ranks on a KPI; `more` are lines of text below."""
    label = _("Rank by {kpi}").format(kpi=kpi_name(kpi).lower())
    if row["rank"] is None:
        few(label, row["n"])
        return
    of = ngettext("of {n}", "of {n}", ranked)
    value = f'<div class="v-value">{i18n.ordinal(row["rank"])} <small>{esc(of)}</small></div>'
    span = _("{interval} at 95%").format(interval=rank_interval(row))
    _card(
        label,
        value,
        [esc(f"{span} · {based_on(row['n'])}"), *map(esc, more)],
        verdict_chip(row),
    )


def kpi_card(kpi: Row, row: Row, more: Sequence[str] = (), *, judged: bool = False) -> None:
    """A figure with its interval, its n, and where its peers stand.

    `more` are lines of text below; `judged` adds the verdict against the others.
    """
    label, unit = kpi_name(kpi), kpi["unit"]
    if row["value"] is None:
        few(label, row["n"], unknown(kpi["kpi"], row["n"]))
        return
    figure = esc(names.bare(unit)(row["value"]))
    after = "" if unit == "%" else f" <small>{esc(names.unit_after(unit).strip())}</small>"
    span = i18n.interval(row["low"], row["high"], names.bare(unit))
    lines = [esc(f"{span} · {based_on(row['n'])}"), strip(row)]
    if row["peer_median"] is not None:
        median = names.figure(row["peer_median"], unit)
        lines.append(esc(_("Median of the others: {value}").format(value=median)))
    foot = verdict_chip(row) if judged else ""
    _card(label, f'<div class="v-value">{figure}{after}</div>', [*lines, *map(esc, more)], foot)


def formula(kpi: Row) -> str:
    """How a KPI is computed, as HTML."""
    better = {
        "higher": _("higher is better"),
        "lower": _("lower is better"),
        "neither": _("neither way is better"),
    }
    about = (
        (_("Formula"), _worded(kpi, "formula")),
        (_("Unit"), f"{names.unit(kpi['unit'])} · {better[kpi['better']]}"),
        (_("Source"), _worded(kpi, "source")),
        (_("Interval"), _("95%; ranks too")),
        (_("Age"), _("counts are compared at 7 days: measured near then, else projected")),
    )
    return fact_list([(name, esc(text)) for name, text in about])


def computed(kpi: Row, key: str) -> None:
    """The button that explains a KPI."""
    with st.popover(_("How is this computed?"), type="tertiary", key=key):
        st.html(f"<b>{esc(kpi_name(kpi))}</b>{formula(kpi)}")


def lift_words(row: Row) -> str:
    """`1.4× [1.1–1.9]`, or why there is none."""
    if row["lift"] is None:
        return _("lift not known")
    span = i18n.interval(row["lift_low"], row["lift_high"], i18n.times)
    return f"{i18n.times(row['lift'])}× {span}".strip()


def who(entity_id: str | None) -> tuple[str, str]:
    """Name and colour of an entity."""
    known = queries.entities()
    found = known.filter(pl.col("entity_id") == entity_id)["name"].to_list()
    colour = theme.entity_colours(known).get(entity_id or "", theme.GREY)
    return (found[0] if found else entity_id or i18n.NONE), colour


def medium(form: str | None) -> str:
    """What stands for a post's picture, film or sound, as HTML; nothing where there is none."""
    if form not in MEDIA:
        return ""
    return f'<div class="v-media v-{form}" role="img" aria-label="{esc(names.form(form))}"></div>'


def post_card(row: Row) -> None:
    """A post: who, when, what it says, what it got; a link to everything about it."""
    name, colour = who(row["entity_id"])
    meta = (
        names.platform(row["platform"]),
        names.form(row["format"]),
        i18n.day(row["published_at"]),
    )
    title = f'<div class="v-title" dir="auto">{esc(row["title"])}</div>' if row["title"] else ""
    text = shorten(row["text"], MOST)
    engagement = _("engagement {value}").format(value=i18n.decimal(row["engagement"]))
    with st.container(border=True, height="stretch"):
        st.html(
            f'<div class="v-post"><div><span class="v-swatch" style="background:{colour}"></span>'
            f'<b>{esc(name)}</b></div><div class="v-meta">{esc(" · ".join(meta))}</div>'
            f"{medium(row['format'])}{title}"
            f'<div class="v-text" dir="auto">{esc(text)}</div>'
            f'<div class="v-meta">{esc(engagement)} · {esc(lift_words(row))}</div></div>'
        )
        st.page_link(POSTS, label=_("Open the post"), query_params=address(post=row["post_id"]))


def post_cards(post_ids: tuple[str, ...], most: int = 3) -> None:
    """Up to `most` posts side by side; says so when none is known."""
    found = queries.cards(post_ids[:most])
    if found.is_empty():
        st.caption(_("No example is left in the lake."))
        return
    places = st.columns(found.height)
    for place, row in zip(places, found.iter_rows(named=True), strict=True):
        with place:
            post_card(row)


def facts(lines: list[tuple[str, str]]) -> None:
    """Names and values, one pair a line; values are HTML already escaped."""
    st.html(fact_list(lines))


def fact_list(lines: list[tuple[str, str]]) -> str:
    """The same as HTML."""
    body = "".join(f"<span>{esc(name)}</span><span>{value}</span>" for name, value in lines)
    return f'<div class="v-facts">{body}</div>'


def out(url: str | None) -> str:
    """An address to leave by (HTML), or its text where a browser must not be sent there."""
    return link(url, shorten(url, 90)) if url else esc(i18n.NONE)
