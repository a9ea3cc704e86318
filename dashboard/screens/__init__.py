"""The pages. The folder beside `app.py` must not be called `pages`.

Streamlit takes a folder of that name for an older kind of navigation. A server's first visit then
runs without `app.py`, and every address but `/` is answered with "Page not found".
"""
