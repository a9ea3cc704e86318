"""The pages, in `scripts`: Streamlit would run files of this very folder by themselves.

(It takes `pages/*.py` beside the app for an older kind of navigation, in which a first visit by
address runs the page without `app.py`: no style, no filters, no message for an empty lake.)
"""
