"""Small pictures as SVG text: no script, no outside resource, sharp on paper.

Coordinates are in CSS pixels of a drawing WIDTH wide; the page scales it. Names stand left of the
plot, figures right of it, so that a picture can be read without its colours.
"""

import math
from collections.abc import Callable, Sequence
from textwrap import wrap
from typing import Final

from dashboard import i18n, names, theme
from dashboard.report.model import Dots, Lines, Mark, Stack
from dashboard.widgets.safe import esc, shorten

WIDTH: Final = 700
LEFT, RIGHT, ROW, TOP, FOOT = 172, 228, 23, 6, 22
INK, QUIET, RULE = "#17212E", "#5B6675", "#DDE2E8"
LABEL: Final = 27
"""Characters of a name left of the plot."""
SMALL_LABEL: Final = 32
"""Those of each line where it takes two."""
LINES_HEIGHT: Final = 180
TIMES: Final = "times"
STEPS: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
AXIS: Final = 5


def _text(x: float, y: float, body: str, *, anchor: str = "start", more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{esc(body)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, more: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}"{more}/>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, more: str = "") -> str:
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
        f'fill="{fill}"{more}/>'
    )


def _picture(height: float, parts: Sequence[str], alt: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{esc(alt)}" '
        f'xmlns="http://www.w3.org/2000/svg" font-size="12.5" fill="{INK}">{"".join(parts)}</svg>'
    )


class Scale:
    """From values to pixels between LEFT and the figures; logarithmic for factors."""

    def __init__(self, values: Sequence[float], *, log: bool, right: float = RIGHT) -> None:
        self.log = log
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        if log:
            low, high = min(low, 0.8), max(high, 1.25)
            low, high = low / 1.12, high * 1.12
        else:
            low, high = min(0.0, low), max(0.0, high)
            spare = 0.05 * ((high - low) or 1.0)
            low, high = (low - spare if low < 0 else 0.0), high + spare
        self.low, self.high, self.right = low, high, right

    def __call__(self, value: float) -> float:
        """Where a value lies; one beyond the picture lies at its edge."""
        kept = min(max(value, self.low), self.high)
        part = (kept - self.low) / (self.high - self.low)
        if self.log:
            part = math.log(kept / self.low) / math.log(self.high / self.low)
        return LEFT + part * (WIDTH - LEFT - self.right)

    def ticks(self) -> list[float]:
        """Round values inside the picture, at most five or so."""
        if self.log:
            return [one for one in STEPS if self.low <= one <= self.high]
        size = 10 ** math.floor(math.log10((self.high - self.low) / AXIS))
        step = next(
            size * by for by in (1, 2, 5, 10) if (self.high - self.low) / (size * by) <= AXIS
        )
        first = math.ceil(self.low / step)
        return [step * n for n in range(first, math.floor(self.high / step) + 1)]


def _tick(value: float, unit: str) -> str:
    if unit == "ratio":
        return i18n.percent(value, 0 if value >= 0.1 or value == 0 else 1)  # noqa: PLR2004 - room
    whole = value == round(value)
    text = i18n.decimal(value, 0 if whole else 1 if abs(value) >= 1 else None)
    return f"{text}×" if unit == TIMES else text + (names.unit_after("%") if unit == "%" else "")


def _axis(scale: Scale, bottom: float, unit: str) -> list[str]:
    parts = []
    for value in scale.ticks():
        x = scale(value)
        parts.append(_line(x, TOP, x, bottom, RULE))
        more = f' font-size="11" fill="{QUIET}"'
        parts.append(_text(x, bottom + 15, _tick(value, unit), anchor="middle", more=more))
    return parts


def _name(y: float, label: str, *, bold: bool) -> str:
    more = ' font-weight="700"' if bold else ""
    if len(label) <= LABEL:
        return _text(LEFT - 12, y + 4, label, anchor="end", more=more)
    # Two smaller lines: names that differ at their end only must not look alike.
    first, *rest = wrap(label, SMALL_LABEL, break_long_words=True)
    small = f'{more} font-size="10.5"'
    if not rest:
        return _text(LEFT - 12, y + 4, first, anchor="end", more=small)
    return _text(LEFT - 12, y - 1, first, anchor="end", more=small) + _text(
        LEFT - 12, y + 10, shorten(" ".join(rest), SMALL_LABEL), anchor="end", more=small
    )


def dots(chart: Dots) -> str:
    """Values with their intervals, one a row, over the competitors' middle half."""
    log = chart.unit == TIMES
    ends = [
        end for mark in chart.marks for end in (mark.value, mark.low, mark.high) if end is not None
    ]
    # One interval of a thing seen twice would flatten all others: it runs off the edge.
    widest = 4 * max(mark.value for mark in chart.marks) if log else math.inf
    band = chart.band or ()
    scale = Scale([min(max(end, 0.05 if log else end), widest) for end in (*ends, *band)], log=log)
    bottom = TOP + ROW * len(chart.marks)
    parts = []
    if chart.band:
        low, middle, high = map(scale, chart.band)
        parts.append(_rect(low, TOP, high - low, bottom - TOP, "#E9ECF0"))
        parts.append(_line(middle, TOP, middle, bottom, theme.GREY, ' stroke-dasharray="4 3"'))
    parts += _axis(scale, bottom, chart.unit)
    if log:
        parts.append(_line(scale(1), TOP, scale(1), bottom, QUIET, ' stroke-dasharray="4 3"'))
    for place, mark in enumerate(chart.marks):
        parts += _mark(scale, TOP + ROW * (place + 0.5), mark)
    return _picture(bottom + FOOT, parts, chart.title)


def _mark(scale: Scale, y: float, mark: Mark) -> list[str]:
    parts = [_name(y, mark.label, bold=mark.bold)]
    if mark.low is not None and mark.high is not None:
        width = ' stroke-width="4" stroke-linecap="round"' if mark.bold else ' stroke-width="2.4"'
        low, high = scale(mark.low or scale.low), scale(mark.high)
        parts.append(_line(low, y, high, y, mark.colour, width))
    elif mark.low is not None:
        more = ' stroke-width="2" stroke-dasharray="4 4"'
        parts.append(_line(scale(mark.low), y, WIDTH - RIGHT, y, mark.colour, more))
    radius = 6.5 if mark.bold else 5
    parts.append(
        f'<circle cx="{scale(mark.value):.1f}" cy="{y:.1f}" r="{radius}" fill="{mark.colour}"/>'
    )
    figure, _dot, rest = mark.text.partition(" ")
    weight = ' font-weight="700"' if mark.bold else ""
    parts.append(
        f'<text x="{WIDTH - RIGHT + 14}" y="{y + 4:.1f}"{weight}>{esc(figure)}'
        f'<tspan fill="{QUIET}" font-size="11.5" font-weight="400"> {esc(rest)}</tspan></text>'
    )
    return parts


def stack(chart: Stack) -> str:
    """Parts of a whole as one bar a row; parts of a gap to both sides of zero."""
    return _parts_of_gap(chart) if chart.totals else _shares(chart)


def _legend(entries: Sequence[tuple[str, str]], y: float) -> tuple[list[str], float]:
    """Named colours in rows; their height. Widths are guessed from the letters."""
    parts, x, row = [], float(LEFT), 0
    for name, colour in entries:
        text = shorten(name, 30)
        needed = 30 + 7 * len(text)
        if x + needed > WIDTH and x > LEFT:
            x, row = float(LEFT), row + 1
        middle = y + 20 * row
        parts.append(_rect(x, middle - 9, 11, 11, colour, ' rx="2"'))
        parts.append(_text(x + 16, middle + 1, text, more=' font-size="12"'))
        x += needed
    return parts, 20.0 * (row + 1)


def _shares(chart: Stack) -> str:
    legend, height = _legend([(one.name, one.colour) for one in chart.series], TOP + 12)
    top, right = TOP + height + 6, 8
    scale = Scale([1.0], log=False, right=right)
    scale.high = 1.0
    parts = list(legend)
    for place, label in enumerate(chart.labels):
        y, left = top + ROW * place, 0.0
        parts.append(_name(y + ROW / 2, label, bold=place == 0 and len(chart.labels) > 1))
        for one in chart.series:
            share = one.values[place] or 0.0
            x, end = scale(left), scale(left + share)
            parts.append(_rect(x, y + 3, end - x - 1, ROW - 6, one.colour))
            if end - x > 34:  # noqa: PLR2004 - pixels that a percentage takes
                dark = one.colour in {theme.FORMATS["photo"], theme.FORMATS["audio"]}
                fill = "#FFFFFF" if dark else INK
                more = f' font-size="11" fill="{fill}"'
                body = i18n.percent(share, 0)
                parts.append(
                    _text((x + end) / 2, y + ROW / 2 + 4, body, anchor="middle", more=more)
                )
            left += share
    return _picture(top + ROW * len(chart.labels) + 8, parts, chart.title)


def _parts_of_gap(chart: Stack) -> str:
    columns = list(zip(*(one.values for one in chart.series), strict=True))
    ends = [sum(v for v in column if v and v > 0) for column in columns]
    ends += [sum(v for v in column if v and v < 0) for column in columns]
    ends += [end for mark in chart.totals for end in (mark.low, mark.high) if end is not None]
    scale = Scale(ends, log=False)
    legend, height = _legend([(one.name, one.colour) for one in chart.series], TOP + 12)
    top, row = TOP + height + 8, ROW + 9
    bottom = top + row * len(chart.labels)
    shift = [
        part.replace(f'y1="{TOP:.1f}"', f'y1="{top:.1f}"') for part in _axis(scale, bottom, "")
    ]
    parts = [*legend, *shift, _line(scale(0), top, scale(0), bottom, QUIET)]
    for place, mark in enumerate(chart.totals):
        y, up, down = top + row * place, 0.0, 0.0
        for one in chart.series:
            value = one.values[place] or 0.0
            start = up if value > 0 else down
            x, end = sorted((scale(start), scale(start + value)))
            parts.append(_rect(x, y + 5, end - x, 13, one.colour))
            up, down = (up + value, down) if value > 0 else (up, down + value)
        parts += _mark_total(scale, y + 25, mark)
        parts.append(_name(y + row / 2 - 2, mark.label, bold=False))
    return _picture(bottom + FOOT, parts, chart.title)


def _mark_total(scale: Scale, y: float, mark: Mark) -> list[str]:
    parts = []
    if mark.low is not None and mark.high is not None:
        parts.append(_line(scale(mark.low), y, scale(mark.high), y, INK, ' stroke-width="2"'))
    x = scale(mark.value)
    parts.append(f'<path d="M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z" fill="{INK}"/>')
    figure, _dot, rest = mark.text.partition(" ")
    parts.append(
        f'<text x="{WIDTH - RIGHT + 14}" y="{y - 5:.1f}" font-weight="700">{esc(figure)}'
        f'<tspan fill="{QUIET}" font-size="11.5" font-weight="400"> {esc(rest)}</tspan></text>'
    )
    return parts


def lines(chart: Lines) -> str:
    """Counts week by week, the brand's line thick; each line is named at its end."""
    known = [value for one in chart.series for value in one.values if value is not None]
    high = 1.08 * max([1.0, *known])
    step, bottom = (WIDTH - 50 - 170) / max(len(chart.labels) - 1, 1), TOP + LINES_HEIGHT

    def at(place: int, value: float) -> tuple[float, float]:
        return 40 + step * place, bottom - value / high * LINES_HEIGHT

    scale = Scale([high], log=False)
    quiet = f' font-size="11" fill="{QUIET}"'
    parts = []
    for value in [tick for tick in scale.ticks() if tick <= high]:
        y = at(0, value)[1]
        parts.append(_line(40, y, WIDTH - 172, y, RULE))
        parts.append(_text(32, y + 4, i18n.decimal(value, 0), anchor="end", more=quiet))
    every = math.ceil(len(chart.labels) / 7)
    for place, label in enumerate(chart.labels):
        if place % every == 0:
            x = at(place, 0)[0]
            parts.append(_text(x, bottom + 17, label, anchor="middle", more=quiet))
    parts += _strokes(chart, at)
    return _picture(bottom + FOOT, parts, chart.title)


def _strokes(chart: Lines, at: Callable[[int, float], tuple[float, float]]) -> list[str]:
    parts, ends = [], []
    for one in sorted(chart.series, key=lambda line: line.bold):
        points = [at(place, value) for place, value in enumerate(one.values) if value is not None]
        if not points:
            continue
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        width = 3.6 if one.bold else 1.6
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{one.colour}" stroke-width="{width}" '
            'stroke-linejoin="round"/>'
        )
        ends.append((points[-1][1], one))
    floor = -math.inf
    for y, one in sorted(ends, key=lambda end: end[0]):
        floor = max(y + 4, floor + 16)
        weight = ' font-weight="700"' if one.bold else ""
        more = f'{weight} font-size="12" fill="{one.colour if one.bold else INK}"'
        parts.append(_rect(WIDTH - 166, floor - 9, 9, 9, one.colour, ' rx="2"'))
        parts.append(_text(WIDTH - 152, floor, shorten(one.name, LABEL), more=more))
    return parts
