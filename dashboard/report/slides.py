"""The report as slides: one message a slide, its title the finding, charts that can be edited."""

import itertools
import math
from pathlib import Path
from typing import Any, Final

from dashboard.report import native, platforms
from dashboard.report.model import Block, Cell, Report, Section, Table
from dashboard.widgets.safe import shorten

WIDE, HIGH = 13.333, 7.5
"""Inches: 16:9."""
SIDE: Final = 0.6
INK, QUIET, BRAND, NIGHT, PALE = "17212E", "5B6675", "0072B2", "0B2A42", "9CC9E6"
TONES: Final = {"good": "009E73", "bad": "D55E00", "watch": "E69F00"}
TABLES: Final = (
    "scorecard", "types", "trends", "tone", "influencers", "signals", "alerts", "coverage",
)  # fmt: skip
"""Tables that get a slide, those of a platform too; others stand on paper and in the workbook."""
VERDICTS: Final = {
    "ahead": "00573F", "behind": "8A3B00", "critical": "8A3B00", "warning": "6F4C00",
}  # fmt: skip
"""How a cell's label is coloured, as on the page."""
OURS: Final = "EEF5FA"
"""Behind the rows of the brand."""
TALL: Final = 5.2
"""Inches that a table may take."""
NARROW, BROAD = 6, 44
"""Letters that a column is made for, at least and at most."""
LETTER: Final = 0.072
"""Inches that a letter of a table takes."""
MOST_ROWS: Final = 12
CELL: Final = 70
FEW_ROWS: Final = 4
"""Rows up to which a cell may hold twice as much."""
NOTE: Final = 170
"""Letters of a note on one line."""
LINE: Final = 46
"""Letters of a title that fit on one line."""
TITLE_ONLY: Final = 5
"""The layout of python-pptx's own template that has a title and nothing else."""


def write(report: Report, file: Path) -> None:
    """Write the presentation to a file."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    deck.core_properties.title = f"{report.title} · {report.subject}"
    deck.core_properties.author = "Vigie"
    deck.core_properties.language = report.lang
    _cover(deck, report)
    _findings(deck, report)
    for section in report.sections:
        if section.key == "figures":
            continue
        blocks = _shown(section)
        for block in blocks:
            _block(deck, report, section, block)
        if not blocks:
            _words(deck, report, section)
    deck.save(str(file))


def _shown(section: Section) -> list[Block]:
    """What gets a slide; of a platform without the brand's figures, who published there."""
    blocks = [block for block in section.blocks if _is_shown(block)]
    if not section.key.startswith(platforms.KEY) or any(_tells(block) for block in blocks):
        return blocks
    return list(section.blocks[-1:])


def _is_shown(block: Block) -> bool:
    return not isinstance(block, Table) or block.key.partition("_")[0] in TABLES


def _tells(block: Block) -> bool:
    return not isinstance(block, Table) or len(block.rows) > 1


def _box(slide: Any, place: tuple[float, float, float, float]) -> Any:
    """A text box (left, top, width, height in inches) that wraps and never grows."""
    from pptx.util import Inches

    frame = slide.shapes.add_textbox(*map(Inches, place)).text_frame
    frame.word_wrap = True
    for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(frame, side, 0)
    return frame


def _write(
    frame: Any, text: str, *, size: float, colour: str = INK, bold: bool = False, after: float = 0
) -> None:
    """A paragraph; the first one fills the empty one that every frame has."""
    from pptx.util import Pt

    empty = len(frame.paragraphs) == 1 and not frame.paragraphs[0].runs
    paragraph = frame.paragraphs[0] if empty else frame.add_paragraph()
    paragraph.space_after = Pt(after)
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = native.rgb(colour)


def _cover(deck: Any, report: Report) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    slide.background.fill.solid()
    slide.background.fill.fore_color.rgb = native.rgb(NIGHT)
    _write(_box(slide, (SIDE, 1.5, 10, 0.5)), report.title, size=18, colour=PALE)
    _title(slide, report.subject, top=2.0, size=44, colour="FFFFFF")
    if report.market:
        _write(_box(slide, (SIDE, 3.25, 11, 0.6)), report.market, size=22, colour="D5E6F2")
    frame = _box(slide, (SIDE, 4.6, 12, 2.2))
    for name, value in report.facts:
        _write(frame, f"{name}   {value}", size=14, colour="D5E6F2", after=5)
    slide.notes_slide.notes_text_frame.text = report.words["source"]


def _title(
    slide: Any, text: str, *, top: float = 0.55, size: float = 28, colour: str = INK
) -> None:
    """The slide's own title placeholder, so that outlines and screen readers find it."""
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Inches

    shape = slide.shapes.title
    shape.left, shape.top = Inches(SIDE), Inches(top)
    shape.width, shape.height = Inches(WIDE - 2 * SIDE), Inches(1.0)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = 0
    _write(frame, shorten(text, 120), size=size if len(text) <= LINE else size - 5, colour=colour,
           bold=True)  # fmt: skip
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def _page(deck: Any, report: Report, topic: str, title: str) -> Any:
    """A slide with its topic, its finding and the foot that all have."""
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    _write(_box(slide, (SIDE, 0.28, 10, 0.3)), topic, size=12, colour=BRAND, bold=True)
    _title(slide, title)
    foot = f"{report.footer} · {len(deck.slides)}"
    _write(_box(slide, (SIDE, 7.08, 12, 0.25)), foot, size=10, colour=QUIET)
    return slide


def _findings(deck: Any, report: Report) -> None:
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Inches

    slide = _page(deck, report, report.words["summary"], report.words["findings"])
    half = (len(report.findings) + 1) // 2
    for number, one in enumerate(report.findings):
        left = SIDE + (6.2 if number >= half else 0)
        top = 1.45 + (number % half if number < half else number - half) * 1.38
        bar = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(left), Inches(top), Inches(0.06),
                                     Inches(1.15))  # fmt: skip
        bar.fill.solid()
        bar.fill.fore_color.rgb = native.rgb(TONES.get(one.tone, "B9C2CD"))
        bar.line.fill.background()
        frame = _box(slide, (left + 0.2, top, 5.6, 1.2))
        _write(frame, shorten(one.title, 110), size=15, bold=True, after=2)
        _write(frame, shorten(one.text, 190), size=11.5, colour=QUIET)
    told = [f"{one.title}. {one.text}" for one in report.findings]
    slide.notes_slide.notes_text_frame.text = "\n".join(told)


def _block(deck: Any, report: Report, section: Section, block: Block) -> None:
    from pptx.util import Inches

    title = block.message or section.message
    slide = _page(deck, report, f"{section.title} · {block.title}", title)
    if isinstance(block, Table):
        _table(slide, block, report)
        about = block.note
    else:
        place = (Inches(SIDE), Inches(1.5), Inches(WIDE - 2 * SIDE), Inches(5.1))
        native.add(slide, block, place)
        about = block.method
    if block.note:
        top = 6.68 if len(block.note) <= NOTE else 6.5
        text = shorten(block.note, 2 * NOTE)
        _write(_box(slide, (SIDE, top, 12, 0.3)), text, size=11, colour=QUIET)
    notes = [*section.notes, about, *_figures(block)]
    slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(filter(None, notes)))


def _figures(block: Block) -> list[str]:
    """The figures of a chart in words, for whoever speaks."""
    marks = getattr(block, "marks", ()) or getattr(block, "totals", ())
    return [f"{mark.label}: {mark.text}" for mark in marks]


def _words(deck: Any, report: Report, section: Section) -> None:
    slide = _page(deck, report, section.title, section.message)
    frame = _box(slide, (SIDE, 1.6, WIDE - 2 * SIDE, 5))
    for note in section.notes:
        _write(frame, note, size=16, after=12)
    told = [
        f"{row[0].text}: {row[1].text}"
        for block in section.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
    slide.notes_slide.notes_text_frame.text = "\n".join([*section.notes, *told])


def _table(slide: Any, table: Table, report: Report) -> None:
    """The first rows of a table as a native one; it says how many there are."""
    from pptx.util import Inches

    places = [place for place, column in enumerate(table.columns) if not column.sheet]
    heads = [table.columns[place].head for place in places]
    texts = _texts(table, places)
    widths = _widths(heads, texts)
    heights = [_height(line, widths) for line in (heads, *texts)]
    many = max(1, sum(1 for high in itertools.accumulate(heights) if high <= TALL) - 1)
    size = (Inches(SIDE), Inches(1.5), Inches(WIDE - 2 * SIDE), Inches(sum(heights[: many + 1])))
    shown = slide.shapes.add_table(many + 1, len(places), *size).table
    for line, height in enumerate(heights[: many + 1]):
        shown.rows[line].height = Inches(height)
    for at, (place, width) in enumerate(zip(places, widths, strict=True)):
        shown.columns[at].width = Inches(width)
        _cell(shown.cell(0, at), heads[at], colour="FFFFFF", fill=NIGHT, bold=True)
        for line in range(many):
            tone = table.rows[line][place].tone
            _cell(shown.cell(line + 1, at), texts[line][at], colour=VERDICTS.get(tone, INK),
                  fill=OURS if line in table.bold else "FFFFFF", bold=tone in VERDICTS)  # fmt: skip
    if len(table.rows) > many:
        more = f"{many} {report.words['shown']} {len(table.rows)}"
        _write(_box(slide, (SIDE, 6.86, 6, 0.22)), more, size=10, colour=QUIET)


def _texts(table: Table, places: list[int]) -> list[list[str]]:
    """What the cells say, row by row."""
    rows = table.rows[:MOST_ROWS]
    most = CELL if len(rows) > FEW_ROWS else 2 * CELL

    def text(cell: Cell) -> str:
        both = f"{cell.text} {cell.small}".strip() if table.dense else cell.text
        return shorten(both, most)

    return [[text(row[place]) for place in places] for row in rows]


def _widths(heads: list[str], texts: list[list[str]]) -> list[float]:
    """Inches of each column: as its longest text wants, within what the slide has."""
    wanted = []
    for at, head in enumerate(heads):
        longest = max([len(line[at]) for line in texts], default=0)
        word = max(map(len, head.split()), default=0)
        wanted.append(min(max(longest, word, NARROW), BROAD) + 2)
    return [(WIDE - 2 * SIDE) * one / sum(wanted) for one in wanted]


def _height(line: list[str], widths: list[float]) -> float:
    """Inches of a row whose texts wrap within these columns."""
    lines = [
        math.ceil(len(text) * LETTER / (width - 0.2))
        for text, width in zip(line, widths, strict=True)
    ]
    return 0.16 + 0.19 * max([1, *lines])


def _cell(cell: Any, text: str, *, colour: str, fill: str, bold: bool) -> None:
    from pptx.util import Inches

    cell.margin_top = cell.margin_bottom = Inches(0.04)
    cell.fill.solid()
    cell.fill.fore_color.rgb = native.rgb(fill)
    _write(cell.text_frame, text, size=11, bold=bold, colour=colour)
