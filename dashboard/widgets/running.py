"""A run, watched while it goes: started, stopped, and what it brought."""

from pathlib import Path
from typing import Final

import streamlit as st

from dashboard import access, i18n, names, queries, runs
from dashboard.i18n import _, ngettext
from dashboard.widgets import cards, filters, states
from dashboard.widgets.safe import esc, plain
from data.progress import PHASES, Progress

LIVE_S: Final = 1.0
IDLE_S: Final = 5.0
"""Between two looks at a lake where nothing runs: somebody may start a run elsewhere."""


def panel(file: Path, *, unsaved: bool) -> None:
    """The run of this watchlist: its button, its progress, its end."""
    states.section(
        _("Run"),
        _("Visits the channels, computes the figures and raises alerts, as “vigie run” does."),
    )
    if not runs.is_possible():
        states.note(
            _(
                "This lake is no folder of this machine, so that no run can be started or watched "
                "here. Start it where the lake is written:"
            )
        )
        command = f"vigie run {file.name} --lake {queries.address()}"
        st.html(f'<p><span class="v-cmd">{esc(command)}</span></p>')
        return
    if unsaved and access.may_edit():
        states.note(_("What is not saved yet is not run."))
    was_live = runs.status().is_live
    st.fragment(run_every=LIVE_S if was_live else IDLE_S)(_watch)(
        file, i18n.lang(), i18n.zone(), was_live=was_live
    )


def _watch(file: Path, lang: str, zone: str, *, was_live: bool) -> None:
    """Drawn again and again by itself, without the rest of the page."""
    i18n.use(lang, zone)  # a fragment runs without the app's first lines
    if access.role() is None:
        st.rerun()
    status = runs.status()
    if status.is_live != was_live:
        queries.forget()
        st.rerun()
    if access.may_edit():
        _buttons(file, status)
    if status.said is not None:
        st.error(_("The run did not start: {problem}").format(problem=plain(status.said)))
    elif status.is_starting:
        st.progress(0.0, _("Starting …"))
    elif status.run is None:
        states.note(_("No run was told of here yet."))
    else:
        _told(status.run)


def _buttons(file: Path, status: runs.Status) -> None:
    go, stop, _rest = st.columns([3, 2, 7])
    if go.button(_("Run now"), type="primary", width="stretch", disabled=status.is_live):
        try:
            runs.start(file)
        except runs.RunError as error:
            st.error(_refusal(error))
        else:
            st.rerun()
    if status.is_ours and status.is_live and stop.button(
        _("Stop"), width="stretch", help=_("What it has read stays in the lake.")
    ):  # fmt: skip
        runs.stop()


def _refusal(error: runs.RunError) -> str:
    if error.kind == "busy":
        return _("A run is under way already; wait for its end.")
    if error.kind == "remote":
        return _("This lake is no folder of this machine.")
    return _("The run did not start: {problem}").format(problem=plain(error.kind))


def _told(run: Progress) -> None:
    states.note(_begun(run))
    if run.is_live:
        st.progress(_part(run), " · ".join((_phase(run.phase), _counts(run))))
    else:
        _ended(run)
    if run.short:
        heads = (_("Channel"), _("Why it fell short"))
        lines = [(esc(one.channel_id), esc(names.reason(one.reason))) for one in run.short]
        states.table(heads, lines)
    if run.end is not None and run.run_id is not None and run.new_posts:
        st.page_link(
            cards.POSTS,
            label=_("See the new posts"),
            query_params=filters.address(run=run.run_id),
        )


def _begun(run: Progress) -> str:
    origins = {
        "dashboard": _("Started from the dashboard by {who}, {time}."),
        "command": _("Started by the command “vigie run”, {time}."),
        "schedule": _("Started by the schedule of “vigie serve”, {time}."),
    }
    told = origins[run.begin.origin]
    return told.format(who=run.begin.by or i18n.NONE, time=i18n.stamp(run.begin.at))


def _phase(name: str) -> str:
    words = {
        "start": _("getting ready"), "crawl": _("visiting channels"),
        "build": _("computing figures"), "alerts": _("raising alerts"),
    }  # fmt: skip
    step = _("{number} of {total}").format(number=PHASES.index(name) + 1, total=len(PHASES))
    return i18n.sentence(f"{words[name]} ({step})")


def _part(run: Progress) -> float:
    """How much of the bar is full: channels that are done."""
    if run.phase in ("build", "alerts"):
        return 1.0
    return min(1.0, len(run.visited) / len(run.channels)) if run.channels else 0.0


def _counts(run: Progress) -> str:
    """`3 of 7 channels · 12 new posts`."""
    total = ngettext("{n} channel", "{n} channels", len(run.channels))
    part = _("{number} of {total}").format(number=i18n.decimal(len(run.visited)), total=total)
    return f"{part} · {ngettext('{n} new post', '{n} new posts', run.new_posts)}"


def _ended(run: Progress) -> None:
    counts = _counts(run)
    if run.end is None:
        st.warning(
            _(
                "The run ended without a word: it was killed, or the machine stopped. What it had "
                "read is in the lake, and the next run goes on from there."
            )
        )
        return
    code = _("exit code {code}").format(code=run.end.code)
    if run.end.state == "done":
        st.success(f"{_('The run is done.')} {counts} · {code}")
    elif run.end.state == "short":
        st.warning(f"{_('The run is done, but something fell short.')} {counts} · {code}")
    elif run.end.state == "stopped":
        told = _("The run was stopped. What it had read is in the lake; the next run computes it.")
        st.warning(f"{told} {counts} · {code}")
    else:
        told = _("The run failed: {problem}").format(problem=plain(run.end.problem or ""))
        st.error(f"{told} · {code}")
