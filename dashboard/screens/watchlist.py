"""The watchlist: who is watched, edited where it lies."""

import contextlib
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import access, edits, i18n, queries, watchlist
from dashboard.i18n import _, ngettext
from dashboard.widgets import running, states
from dashboard.widgets.safe import esc, plain

DRAFT = "watchlist-draft"
"""The text in the editor, `SEEN` the mark of the text that it began with."""
SEEN = "watchlist-seen"
FOUND = "watchlist-found"
SAID = "watchlist-said"
TALL = 360
SHOWN = 20
"""Changes of the file that are listed."""


def _load(text: str) -> None:
    st.session_state[DRAFT] = text
    st.session_state[SEEN] = watchlist.mark(text)


def _check(file: Path) -> bool:
    """Say what is wrong with the draft, line and cure; whether it is sound."""
    wrong = watchlist.problems(st.session_state[DRAFT], file.name)
    for problem in wrong:
        st.error(plain(problem))
    return not wrong


def _save(file: Path) -> None:
    if not _check(file):
        return
    try:
        before = watchlist.read(file)
        copy = watchlist.save(file, st.session_state[DRAFT], st.session_state[SEEN])
    except watchlist.ChangedError:
        st.error(_("Somebody changed the file meanwhile. Copy your text, then load it again."))
        return
    except watchlist.WatchlistFileError as error:
        st.error(_("Could not be saved: {problem}").format(problem=plain(error)))
        return
    _note(file, before)
    st.session_state[SEEN] = watchlist.mark(st.session_state[DRAFT])
    st.success(_("Saved. The version before is kept in {file}.").format(file=plain(copy.name)))


def _note(file: Path, before: str) -> None:
    """Keep who saved and when; a lake that can't be written to does not undo what is saved."""
    try:
        edits.watchlist_saved(file.name, before, st.session_state[DRAFT])
    except queries.LakeError as error:
        st.warning(_("Saved, but not noted in the lake: {problem}").format(problem=plain(error)))


def _history() -> None:
    """Who changed the file, and when: the latest first."""
    rows = queries.watchlist_edits(SHOWN)
    if rows.is_empty():
        return
    heads = (_("When"), _("Who"), _("Lines"), _("Channels"))
    lines = [
        (esc(i18n.moment(row["at"])), esc(row["by"]), _change(row, "lines"),
         _change(row, "channels"))
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    with st.expander(_("Who changed it")):
        states.table(heads, lines)


def _change(row: dict[str, Any], name: str) -> str:
    """`+3 −1`."""
    return f"+{i18n.decimal(row[f'{name}_added'])} −{i18n.decimal(row[f'{name}_removed'])}"


def _editor(file: Path) -> None:
    states.section(
        _("The file"),
        _("What is saved holds from the next run on. Comments stay; a copy is kept."),
    )
    st.html(f'<p><span class="v-cmd">{esc(file)}</span></p>')
    st.text_area(_("Watchlist (YAML)"), key=DRAFT, height=TALL)
    row = st.container(horizontal=True, gap="small")
    asked = row.button(_("Check"))
    wanted = row.button(_("Save"), type="primary")
    row.button(_("Load again"), on_click=lambda: _reload(file))
    if wanted:
        _save(file)
    elif asked and _check(file):
        st.success(_("The watchlist is sound."))
    _history()


def _reload(file: Path) -> None:
    # A file that can't be read is named by the page, which reads it again.
    with contextlib.suppress(watchlist.WatchlistFileError):
        _load(watchlist.read(file))


def _discover() -> None:
    states.section(
        _("From home pages"),
        _("Channels that home pages name, as “vigie discover” finds them; robots.txt is obeyed."),
    )
    with st.form("discover", border=False):
        pages = st.text_area(_("Home pages, one a line"), key="homes", height=90,
                             placeholder="https://maison.example")  # fmt: skip
        go = st.form_submit_button(_("Find channels"))
    if go and (urls := pages.split()):
        try:
            with st.spinner(_("Asking the pages …")):
                st.session_state[FOUND], st.session_state[SAID] = watchlist.discover(urls)
        except watchlist.WatchlistFileError as error:
            st.session_state.pop(FOUND, None)
            st.error(_("Nothing was found: {problem}").format(problem=plain(error)))
    if st.session_state.get(FOUND):
        _offer(st.session_state[FOUND])


def _offer(found: list[watchlist.Proposal]) -> None:
    if said := st.session_state[SAID]:
        st.warning(plain(said))
    known = watchlist.names(st.session_state[DRAFT])
    owners = list(dict.fromkeys([*known, *(one.name for one in found)]))
    words = [f"{one.name} – {one.address}" for one in found]
    chosen = st.multiselect(
        _("Channels to add"), range(len(found)), default=range(len(found)),
        format_func=words.__getitem__, key="offer",
    )  # fmt: skip
    first = owners.index(found[0].name)
    whose = st.selectbox(_("Of whom"), owners, index=first, key="owner")
    st.button(
        _("Add to the text above"), key="add",
        on_click=lambda: _add([found[place] for place in chosen], whose),
    )  # fmt: skip


def _add(wanted: list[watchlist.Proposal], whose: str) -> None:
    st.session_state[DRAFT] = watchlist.added(st.session_state[DRAFT], wanted, whose)
    st.session_state.pop(FOUND, None)


def show() -> None:
    """The page."""
    count = queries.channels().height
    states.head(
        _("Watchlist"), _("Who is watched, and where"),
        ngettext("{n} channel in the lake", "{n} channels in the lake", count),
    )  # fmt: skip
    file = watchlist.path()
    if file is None:
        states.state(
            _("Where is the watchlist?"),
            _("No run has told yet; start the dashboard with the file:"),
            "vigie dashboard --watchlist watchlist.yaml",
        )
        return
    try:
        text = watchlist.read(file)
    except watchlist.WatchlistFileError as error:
        states.state(_("The watchlist can’t be read"), str(error),
                     "vigie dashboard --watchlist watchlist.yaml")  # fmt: skip
        return
    if not access.may_edit():
        st.code(text, language="yaml")
        running.panel(file, unsaved=False)
        return
    if DRAFT not in st.session_state:
        _load(text)
    _editor(file)
    unsaved = watchlist.mark(st.session_state[DRAFT]) != st.session_state[SEEN]
    running.panel(file, unsaved=unsaved)
    _discover()


show()
