"""Words that people put on posts."""

import streamlit as st

from dashboard import access, edits, queries
from dashboard.i18n import _
from dashboard.widgets import states
from dashboard.widgets.filters import choose
from dashboard.widgets.safe import esc, plain


def show(post_id: str) -> None:
    """The tags of a post; editors add and remove them."""
    tags = queries.tags(post_id)
    if not access.may_edit():
        if tags:
            states.section(_("Tags"))
            chips = " ".join(f'<span class="v-chip">{esc(tag)}</span>' for tag in tags)
            st.html(f"<p>{chips}</p>")
        return
    states.section(_("Tags"))
    if tags:
        with st.container(horizontal=True, key="tags"):
            for tag in tags:
                label = f"{plain(tag)} ✕"
                if st.button(label, key=f"untag-{tag}", help=_("Remove this tag")):
                    edits.untag_post(post_id, tag)
                    st.rerun()
    with st.form("tag", clear_on_submit=True, border=False):
        word, add = st.columns([3, 1], vertical_alignment="bottom")
        text = word.text_input(
            _("Add a tag"), max_chars=edits.TAG, key="tag-text",
            placeholder=_("such as campaign or to answer"),
        )  # fmt: skip
        if add.form_submit_button(_("Add")) and text.strip():
            edits.tag_post(post_id, text)
            st.rerun()


def filter_by() -> str:
    """The tag that posts must have; empty for any. Nothing is asked where no post has one."""
    known = queries.every_tag()
    return choose("tag", _("Tag"), ["", *known], lambda tag: tag or _("All tags"))
