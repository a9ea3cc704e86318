"""Colours and the style sheet: one place, so that a thing looks the same everywhere."""

from pathlib import Path
from typing import Final

import polars as pl

BRAND: Final = "#0072B2"
GREY: Final = "#8A94A3"
"""Readable on white and on the dark background alike."""
NOTE: Final = "#8250DF"
"""Notes on dates: a violet that no entity has, readable on white and on the dark background."""
BAND: Final = "rgba(138, 148, 163, 0.22)"
PALE: Final = "#E3EEF6"
"""The low end of shades that carry dark figures."""
FAINT: Final = "rgba(138, 148, 163, 0.13)"
"""The low end of shades that carry none: nearly the background, light or dark."""
GOOD: Final = "#009E73"
BAD: Final = "#D55E00"
DIVERGING: Final = ("#E39A62", "#EDF0F3", "#6BB1DB")
"""Less, as usual, more: orange to blue, light enough for dark figures in both themes."""
PARTS: Final = {
    "gap": GREY, "from_volume": "#0072B2", "from_mix": "#E69F00", "from_rate": "#009E73",
}  # fmt: skip
"""A gap and what it is made of, as in the report."""
OTHERS: Final = (
    # Okabe & Ito 2008 without black, the brand's blue and yellow (unreadable on white) …
    "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9",
    # … then Paul Tol's muted set, which the same readers can tell apart.
    "#AA4499", "#999933", "#44AA99", "#CC6677", "#88CCEE", "#DDCC77",
)  # fmt: skip
FORMATS: Final = {
    "photo": "#0072B2", "video": "#D55E00", "short": "#E69F00", "carousel": "#009E73",
    "text": "#8A94A3", "link": "#56B4E9", "article": "#CC79A7", "poll": "#999933",
    "live": "#AA4499", "story": "#DDCC77", "audio": "#7B6BB5", "event": "#CC6677",
    "newsletter": "#88CCEE", "review": "#B8A58C",
}  # fmt: skip
COUNTS: Final = {
    "likes": "#0072B2", "comments": "#E69F00", "shares": "#009E73", "views": "#CC79A7",
    "saves": "#8A94A3",
}  # fmt: skip


def entity_colours(entities: pl.DataFrame) -> dict[str, str]:
    """entity_id → colour. Depends on who is watched only, never on a filter."""
    brands = entities.filter(pl.col("role") == "brand")["entity_id"].to_list()
    others = [one for one in entities["entity_id"].to_list() if one not in brands]
    colours = dict.fromkeys(brands, BRAND)
    return colours | {one: OTHERS[i % len(OTHERS)] for i, one in enumerate(others)}


def stylesheet() -> str:
    """The style element of every page."""
    css = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    return f"<style>{css}</style>"


def spoken(lang: str) -> str:
    """The script element of every page: what assistive technology is told of it."""
    script = (Path(__file__).parent / "spoken.js").read_text(encoding="utf-8")
    return f"<script>{script.replace('LANG', lang)}</script>"
