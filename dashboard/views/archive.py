"""One archived page, shown as it was captured and unable to do anything.

By default its source as text. A page of HTML can be drawn too: inside a frame without scripts,
forms, navigation or origin (`sandbox=""`), under a policy that lets it load nothing.
"""

import json
import re
from typing import Final

import streamlit as st

from dashboard import i18n, queries
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, filters, states
from dashboard.widgets.safe import esc, shorten
from data.records import Capture

MOST: Final = 300_000
"""Characters of source sent to the browser; the download has them all."""
TELLING: Final = 6
"""Characters from which the last part of an id stands for nothing else."""
AROUND: Final = 12
"""Lines shown before and after the place that names the post."""
INERT: Final = (
    '<meta http-equiv="x-dns-prefetch-control" content="off">'
    "<style>a,area,button,input,summary{pointer-events:none!important}</style>"
)
"""What stands before a drawn page: no name is looked up, nothing can be clicked."""
FORWARD: Final = re.compile(r"</?(link|i?frame|frameset|object|embed)\b[^>]*>", re.IGNORECASE)
"""Elements for which browsers connect to a site before a policy is asked."""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"


def show(page_id: str, post_id: str | None) -> None:
    """The page, or that the archive does not hold it."""
    if post_id:
        st.page_link(
            cards.POSTS, label=_("← Back to the post"), query_params=filters.address(post=post_id)
        )
    else:
        st.page_link(cards.POSTS, label=_("← All posts"), query_params=filters.address())
    with st.spinner(_("Reading the lake …")):
        capture = queries.page(page_id)
    if capture is None:
        states.state(
            _("No such page"),
            _("The archive holds no page {id}; it may have been erased.").format(
                id=shorten(page_id, 200)
            ),
        )
        return
    lede = _("Captured {moment}").format(moment=i18n.stamp(capture.fetched_at))
    states.head(_("Archived page"), _("As it was captured"), lede)
    size = _("{size} kB").format(size=i18n.decimal(max(0.1, len(capture.body) / 1000), 1))
    cards.facts(
        [
            (_("Address"), cards.out(capture.url)),
            (_("Answer"), esc(f"HTTP {capture.status} · {capture.content_type or i18n.NONE}")),
            (_("Size"), esc(size)),
            (_("Page"), f"<code>{esc(page_id)}</code>"),
        ]
    )
    _content(capture, page_id, post_id)


def _content(capture: Capture, page_id: str, post_id: str | None) -> None:
    text = source(capture)
    draw = is_html(capture) and st.toggle(_("Draw the page"), key="draw-page")
    st.download_button(
        _("Download the bytes"),
        capture.body,
        file_name=f"{page_id}.txt",
        mime="application/octet-stream",
        on_click="ignore",
    )
    if draw:
        states.note(
            _("Drawn from the archived bytes alone: without scripts, images or working links.")
        )
        st.iframe(framed(decoded(capture)), height=720, alt=_("The archived page, drawn"))
        return
    needles = places(post_id) if post_id else []
    needles = [needle for needle in needles if needle in text][:1]
    if excerpt := around(text, needles):
        _source(_("Where it speaks of the post"), excerpt, needles)
    cut = ngettext("First character of the page", "First {n} characters", MOST)
    whole = _("The whole page, as text")
    _source(whole, text[:MOST], needles, cut if len(text) > MOST else "")


def _source(title: str, text: str, needles: list[str], note: str = "") -> None:
    states.section(title, note)
    body = esc(text)
    for needle in needles:
        body = body.replace(esc(needle), f"<mark>{esc(needle)}</mark>")
    # What scrolls must be within reach of the keyboard.
    st.html(
        f'<pre class="v-source" tabindex="0" role="region" aria-label="{esc(title)}">'
        f"{body or esc(_('(empty)'))}</pre>"
    )


def is_html(capture: Capture) -> bool:
    """True for pages that a browser would draw."""
    return "html" in (capture.content_type or "").lower()


def decoded(capture: Capture) -> str:
    """The body as text, in the charset that the server named, else UTF-8."""
    found = re.search(r"charset=[\"']?([\w-]+)", capture.content_type or "", re.IGNORECASE)
    try:
        return capture.body.decode(found.group(1) if found else "utf-8", errors="replace")
    except LookupError:
        return capture.body.decode("utf-8", errors="replace")


def source(capture: Capture) -> str:
    """The body as text that a person can read: JSON indented, tags one a line."""
    text = decoded(capture)
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return re.sub(r">\s*<", ">\n<", text)


def places(post_id: str) -> list[str]:
    """What a page may call a post: the native id, else its last part; the first found is used."""
    native = post_id.partition(":")[2]
    tail = re.split(r"[/=]", native)[-1]
    return [native] if len(tail) < TELLING or tail == native else [native, tail]


def around(text: str, needles: list[str]) -> str:
    """The lines around the first place that names the post; empty where none does."""
    for needle in needles:
        at = text.find(needle)
        if needle and at >= 0:
            line = text.count("\n", 0, at)
            lines = text.split("\n")
            kept = lines[max(0, line - AROUND) : line + AROUND + 1]
            return "\n".join(shorten_line(one) for one in kept)
    return ""


def shorten_line(line: str, most: int = 2000) -> str:
    """A line of source cut where it is endless (minified pages)."""
    return line if len(line) <= most else f"{line[:most]}…"


def framed(page: str) -> str:
    """A document that draws an untrusted page and grants it nothing.

    The inner frame's empty `sandbox` takes scripts, forms, navigation and origin away; the outer
    document's policy is inherited by `srcdoc` and forbids every request. It does not keep the
    browser from opening connections in advance, for which see `FORWARD`.
    """
    # A comment, not nothing: what stands around a tag must not join to another one.
    calm = INERT + FORWARD.sub("<!---->", page)
    return (
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{esc(POLICY)}">'
        "<style>html,body{margin:0;height:100%;background:#fff}"
        "iframe{border:0;width:100%;height:100%}</style>"
        f'<iframe sandbox="" referrerpolicy="no-referrer" srcdoc="{esc(calm)}"></iframe>'
    )
