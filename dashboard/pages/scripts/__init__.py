"""One script a page; Streamlit runs the one that the reader opens."""
