"""Navigation, filters and language; the pages do the rest. Run: `streamlit run dashboard/app.py`."""

import streamlit as st

from dashboard import queries, theme
from dashboard.i18n import _
from dashboard.widgets import filters, states


def pages() -> list[st.Page]:
    """Every page, in the order of the menu."""
    return [
        st.Page("pages/benchmark.py", title=_("Benchmark"), url_path="benchmark", default=True),
        st.Page("pages/formats.py", title=_("Formats & cadence"), url_path="formats"),
        st.Page("pages/content_types.py", title=_("Content types"), url_path="content-types"),
        st.Page("pages/trends.py", title=_("Trends"), url_path="trends"),
        st.Page("pages/posts.py", title=_("Posts"), url_path="posts"),
        st.Page("pages/coverage.py", title=_("Coverage"), url_path="coverage"),
    ]


def main() -> None:
    """Show the page asked for, or why there is none."""
    st.set_page_config(page_title="Vigie", page_icon="🔭", layout="wide", initial_sidebar_state=252)
    st.html(theme.stylesheet())
    filters.language()
    page = st.navigation(pages())
    try:
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
