"""Navigation, filters and language. Run: `streamlit run dashboard/app.py`."""

from typing import Final

import streamlit as st

from dashboard import access, i18n, queries, theme
from dashboard.i18n import _
from dashboard.widgets import filters, notes, states

FIRST: Final = "leadership"
"""The page that opens without an address."""
ONCE_FIRST: Final = "benchmark"
"""The page that used to, and the parameters of its that older links carry."""
OLD: Final = ("kpi", "of")


WHERE_IT_BEGINS: Final = "watchlist"
"""The page that a lake without anything in it has, too."""


def pages() -> dict[str, list[st.Page]]:
    """Every page under its heading, in the order of the menu."""
    titles = {
        _("Home"): {
            "leadership": _("Leadership"),
            "community": _("Community manager"),
            "strategy": _("Strategist"),
        },
        _("Analysis"): {
            "benchmark": _("Benchmark"),
            "formats": _("Formats & cadence"),
            "content_types": _("Content types"),
            "trends": _("Trends"),
            "posts": _("Posts"),
            "members": _("Community"),
        },
        _("Sources"): {
            "definitions": _("Definitions"),
            "coverage": _("Coverage"),
            "watchlist": _("Watchlist"),
        },
    }
    return {
        head: [
            st.Page(
                f"screens/{name}.py",
                title=title,
                url_path=name.replace("_", "-"),
                default=name == FIRST,
            )
            for name, title in named.items()
        ]
        for head, named in titles.items()
    }


def followed(page: st.Page) -> st.Page:
    """The page, or the one that an older link to `/` meant."""
    if page.url_path == "" and any(name in st.query_params for name in OLD):
        kept = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(f"screens/{ONCE_FIRST}.py", query_params=kept)
    return page


def main() -> None:
    """Show the page asked for, or why there is none, to those who may see it."""
    st.set_page_config(page_title="Vigie", page_icon="🔭", layout="wide", initial_sidebar_state=252)
    st.html(theme.stylesheet())
    filters.language()
    st.html(theme.spoken(i18n.lang()), unsafe_allow_javascript=True)
    if not access.granted():
        return
    page = followed(st.navigation(pages()))
    st.set_page_config(page_title=f"{page.title} · Vigie")
    try:
        i18n.use(i18n.lang(), queries.timezone())
        with st.sidebar:
            if queries.is_empty():
                filters.language_switch()
            else:
                filters.sidebar()
                notes.panel()
            access.sign_out()
        if queries.is_empty() and page.url_path != WHERE_IT_BEGINS:
            states.empty_lake()
        else:
            page.run()
    except queries.LakeError as error:
        states.broken_lake(error)


main()
