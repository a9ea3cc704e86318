"""Navigation, filters and language. Run: `streamlit run dashboard/app.py`."""

import streamlit as st

from dashboard import i18n, queries, theme
from dashboard.i18n import _
from dashboard.widgets import filters, states


def pages() -> list[st.Page]:
    """Every page, in the order of the menu."""
    titles = {
        "benchmark": _("Benchmark"),
        "formats": _("Formats & cadence"),
        "content_types": _("Content types"),
        "trends": _("Trends"),
        "posts": _("Posts"),
        "coverage": _("Coverage"),
    }
    return [
        st.Page(
            f"screens/{name}.py",
            title=title,
            url_path=name.replace("_", "-"),
            default=name == "benchmark",
        )
        for name, title in titles.items()
    ]


def main() -> None:
    """Show the page asked for, or why there is none."""
    st.set_page_config(page_title="Vigie", page_icon="🔭", layout="wide", initial_sidebar_state=252)
    st.html(theme.stylesheet())
    filters.language()
    page = st.navigation(pages())
    try:
        i18n.use(i18n.lang(), queries.timezone())
        with st.sidebar:
            if queries.is_empty():
                filters.language_switch()
            else:
                filters.sidebar()
        if queries.is_empty():
            states.empty_lake()
        else:
            page.run()
    except queries.LakeError as error:
        states.broken_lake(error)


main()
