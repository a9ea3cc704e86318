"""The report as one file: style, pictures and fonts inside, no script, no address asked.

Everything passes through Jinja's escaping; pictures are made of escaped text (`svg`).
"""

import base64
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from dashboard.report import svg
from dashboard.report.model import Block, Column, Dots, Lines, Report, Stack, Table

HERE: Final = Path(__file__).parent
FONT: Final = "static/static/media/SourceSansVF-Upright*.woff2"
"""The dashboard's own font, which Streamlit brings; a page without it uses the reader's."""
NUMBERS: Final = ("count", "number", "signed", "ratio", "percent", "times")


def render(report: Report) -> str:
    """The whole page as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    pages = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style = (HERE / "report.css").read_text(encoding="utf-8")
    return pages.get_template("report.html.j2").render(
        report=report, style=_font() + style + _footer(report), picture=_picture,
        is_table=_is_table, printed=_printed, flush=_flush,
    )  # fmt: skip


def _picture(block: Block) -> str:
    """A chart as SVG, which the template takes as it is."""
    from markupsafe import Markup

    drawn = ""
    if isinstance(block, Dots):
        drawn = svg.dots(block)
    elif isinstance(block, Stack):
        drawn = svg.stack(block)
    elif isinstance(block, Lines):
        drawn = svg.lines(block)
    return Markup(drawn)  # noqa: S704 - every text in it went through esc


def _is_table(block: Block) -> bool:
    return isinstance(block, Table)


def _printed(table: Table) -> list[tuple[int, Column]]:
    """The columns that a page shows, with their places."""
    return [(place, column) for place, column in enumerate(table.columns) if not column.sheet]


def _flush(column: Column) -> str:
    if column.kind in NUMBERS:
        return "num"
    return "day" if column.kind == "day" else "wide" if column.wide else ""


def _footer(report: Report) -> str:
    """What every printed page but the cover says at its foot; a CSS string of escaped signs."""
    text = "".join(f"\\{ord(sign):x} " for sign in report.footer)
    look = "font:400 8pt 'Source Sans',sans-serif;color:#5b6675;vertical-align:top;padding-top:4mm"
    return (
        f'@page{{@bottom-left{{content:"{text}";{look}}}'
        f"@bottom-right{{content:counter(page);{look}}}}}\n"
        "@page cover{@bottom-left{content:none}@bottom-right{content:none}}\n"
    )


@cache
def _font() -> str:
    """The font as a style rule, inside the page; empty where it is not at hand."""
    library = find_spec("streamlit")
    if library is None or library.origin is None:
        return ""
    found = sorted(Path(library.origin).parent.glob(FONT))
    if not found:
        return ""
    data = base64.b64encode(found[0].read_bytes()).decode()
    return (
        '@font-face{font-family:"Source Sans";font-weight:200 900;'
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}\n"
    )
