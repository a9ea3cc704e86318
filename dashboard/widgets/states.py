"""Headings, and what a page shows when it has nothing to show."""

from collections.abc import Sequence

import streamlit as st

from dashboard import i18n, queries
from dashboard.i18n import _
from dashboard.widgets.safe import esc


def head(eyebrow: str, title: str, lede: str) -> None:
    """The top of a page: where one is, what it says, and about what."""
    st.html(
        f'<div class="v-head"><div class="v-eyebrow">{esc(eyebrow)}</div>'
        f'<h1>{esc(title)}</h1><p class="v-lede">{esc(lede)}</p></div>'
    )


def section(title: str, *notes: str) -> None:
    """A part of a page: its title, and how to read what follows."""
    small = "".join(f'<p class="v-note">{esc(note)}</p>' for note in notes if note)
    st.html(f'<div class="v-section"><h2>{esc(title)}</h2>{small}</div>')


def note(text: str) -> None:
    """A line of small print."""
    st.html(f'<p class="v-note">{esc(text)}</p>')


def state(title: str, text: str, command: str = "") -> None:
    """A whole-page message with the command that helps."""
    cure = f'<p><span class="v-cmd">{esc(command)}</span></p>' if command else ""
    st.html(f'<div class="v-state"><h2>{esc(title)}</h2><p>{esc(text)}</p>{cure}</div>')


def nothing(text: str) -> None:
    """A part of a page has no rows for what was asked."""
    st.info(i18n.sentence(text))


def empty_lake() -> None:
    """Nothing was ever crawled here."""
    where = queries.address()
    state(
        _("Nothing to show yet"),
        _(
            "The lake in {path} is empty. Fill it with the demo market, which needs no account "
            "and no network, or with your own watchlist."
        ).format(path=where),
        "vigie demo",
    )
    st.html(f'<p><span class="v-cmd">vigie run watchlist.yaml --lake {esc(where)}</span></p>')


def not_built() -> None:
    """Pages were crawled, but no figure was computed from them."""
    state(
        _("No figures yet"),
        _("What was crawled is in the lake; the figures are computed from it by this command:"),
        f"vigie build --lake {queries.address()}",
    )


def broken_lake(error: queries.LakeError) -> None:
    """The lake is there and can't be read."""
    st.error(_("The lake can’t be read"))
    state(
        str(error.path),
        error.problem,
    )
    note(
        _(
            "The archived pages are enough to make every other table again. Restore the damaged "
            "table from a copy, or move its folder away and run these two commands:"
        )
    )
    place = esc(error.path)
    st.html(f'<p><span class="v-cmd">vigie replay --lake {place}</span></p>')
    st.html(f'<p><span class="v-cmd">vigie build --lake {place}</span></p>')


def table(
    heads: Sequence[str], lines: Sequence[Sequence[str]], numbers: Sequence[int] = ()
) -> None:
    """A table of escaped HTML cells; `numbers` are the columns set flush right."""

    def cell(tag: str, place: int, body: str) -> str:
        flush = ' class="v-num"' if place in numbers else ""
        return f"<{tag}{flush}>{body}</{tag}>"

    head = "".join(cell("th", place, esc(text)) for place, text in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(cell('td', place, text) for place, text in enumerate(line))}</tr>"
        for line in lines
    )
    st.html(
        f'<div class="v-scroll" tabindex="0"><table class="v-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
