"""Charts that a presentation can edit: PowerPoint's own, with intervals as error bars."""

import math
import re
from typing import Any, Final

from dashboard.report.model import Dots, Lines, Stack
from data.spreadsheets import FORMULA

INK, QUIET, RULE = "17212E", "5B6675", "DDE2E8"
FONT_PT: Final = 12
WIDEST: Final = 3
"""Times the largest factor up to which intervals of factors are drawn."""
READ: Final = re.compile(
    rf"{FORMULA}|^{{|^(?:https?|ftp|mailto|internal|external|file):", re.IGNORECASE
)
"""What the writer of the chart's sheet would take for a formula or a link."""
NUMBER: Final = {"ratio": "0.0%", "%": '0.0"%"', "times": '0.0"×"'}


def inert(text: str) -> str:
    """A label that the chart's own sheet takes for text: an apostrophe before what it computes."""
    return f"'{text}" if READ.search(text) else text


def add(slide: Any, block: Dots | Stack | Lines, place: tuple[int, int, int, int]) -> None:
    """Draw a block on a slide: left, top, width and height in EMU."""
    if isinstance(block, Dots):
        _dots(slide, block, place)
    elif isinstance(block, Stack):
        _stack(slide, block, place)
    else:
        _lines(slide, block, place)


def _chart(slide: Any, kind: str, data: Any, place: tuple[int, int, int, int]) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    chart = slide.shapes.add_chart(getattr(XL_CHART_TYPE, kind), *place, data).chart
    chart.font.size = Pt(FONT_PT)
    chart.font.color.rgb = rgb(INK)
    chart.has_title = False
    for axis in (chart.category_axis, chart.value_axis):
        axis.format.line.color.rgb = rgb(RULE)
        axis.has_major_gridlines = axis is chart.value_axis
    chart.value_axis.major_gridlines.format.line.color.rgb = rgb(RULE)
    chart.value_axis.tick_labels.font.color.rgb = rgb(QUIET)
    return chart


def rgb(colour: str) -> Any:
    """A colour as PowerPoint keeps it."""
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.lstrip("#").upper())


def _downwards(chart: Any) -> None:
    """The first category on top, the values' axis below, names at the picture's edge."""
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    chart.category_axis.reverse_order = True
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.HIGH


def _dots(slide: Any, block: Dots, place: tuple[int, int, int, int]) -> None:
    from pptx.chart.data import CategoryChartData

    data = CategoryChartData(number_format=NUMBER.get(block.unit, "#,##0.##"))
    data.categories = [inert(f"{mark.label}   {mark.text}") for mark in block.marks]
    data.add_series(inert(block.title), [mark.value for mark in block.marks])
    chart = _chart(slide, "BAR_CLUSTERED", data, place)
    chart.has_legend = False
    _downwards(chart)
    plot = chart.plots[0]
    plot.gap_width, plot.vary_by_categories = 90, False
    for mark, point in zip(block.marks, map(plot.series[0].points.__getitem__, range(99)),
                           strict=False):  # fmt: skip
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = rgb(mark.colour)
    chart.value_axis.tick_labels.number_format = NUMBER.get(block.unit, "#,##0.##")
    chart.value_axis.tick_labels.number_format_is_linked = False
    chart.value_axis.minimum_scale, chart.value_axis.maximum_scale = _ends(block)
    _intervals(plot.series[0], [(m.value, m.low, m.high) for m in block.marks])


def _ends(block: Dots) -> tuple[float, float]:
    """Round ends of the axis that leave room for the intervals, which PowerPoint forgets."""
    values = [mark.value for mark in block.marks]
    highs = [mark.high for mark in block.marks if mark.high is not None]
    lows = [mark.low for mark in block.marks if mark.low is not None]
    most = max([*values, *highs])
    if block.unit == "times":  # The interval of a thing seen twice would flatten all others.
        most = min(most, max(values) * WIDEST)
    least = min([0.0, *values, *lows])
    size = 10 ** math.floor(math.log10(max(most, -least, 1e-9)))
    step = size if max(most, -least) > 4 * size else size / 2
    return math.floor(least / step) * step, max(math.ceil(most / step), 1) * step


def _intervals(series: Any, values: list[tuple[float, float | None, float | None]]) -> None:
    """Error bars of their own length to both sides, which python-pptx has no call for."""
    from lxml import etree
    from pptx.oxml.ns import qn

    bars = etree.SubElement(series._element, qn("c:errBars"))  # noqa: SLF001 - its only door
    for name, value in (("errBarType", "both"), ("errValType", "cust"), ("noEndCap", "0")):
        etree.SubElement(bars, qn(f"c:{name}")).set("val", value)
    ends = (
        ("plus", [0.0 if high is None else high - value for value, _low, high in values]),
        ("minus", [0.0 if low is None else value - low for value, low, _high in values]),
    )
    for name, lengths in ends:
        literal = etree.SubElement(etree.SubElement(bars, qn(f"c:{name}")), qn("c:numLit"))
        etree.SubElement(literal, qn("c:ptCount")).set("val", str(len(lengths)))
        for index, length in enumerate(lengths):
            point = etree.SubElement(literal, qn("c:pt"))
            point.set("idx", str(index))
            etree.SubElement(point, qn("c:v")).text = repr(float(max(length, 0.0)))
    line = etree.SubElement(etree.SubElement(bars, qn("c:spPr")), qn("a:ln"))
    line.set("w", "19050")
    fill = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", INK)
    # The schema wants them before the categories.
    series._element.remove(bars)  # noqa: SLF001 - same
    series._element.find(qn("c:cat")).addprevious(bars)  # noqa: SLF001 - same


def _stack(slide: Any, block: Stack, place: tuple[int, int, int, int]) -> None:
    from pptx.chart.data import CategoryChartData

    form = "#,##0" if block.totals else "0%"
    data = CategoryChartData(number_format=form)
    totals = [f"{mark.label}   {mark.text}" for mark in block.totals]
    data.categories = [inert(label) for label in (totals or block.labels)]
    for one in block.series:
        data.add_series(inert(one.name), [value or 0.0 for value in one.values])
    chart = _chart(slide, "BAR_STACKED" if block.totals else "BAR_STACKED_100", data, place)
    _downwards(chart)
    _legend(chart)
    plot = chart.plots[0]
    plot.gap_width = 60
    for one, series in zip(block.series, plot.series, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = rgb(one.colour)
        series.invert_if_negative = False
    chart.value_axis.tick_labels.number_format = form
    chart.value_axis.tick_labels.number_format_is_linked = False


def _legend(chart: Any) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION

    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.TOP
    chart.legend.include_in_layout = False


def _lines(slide: Any, block: Lines, place: tuple[int, int, int, int]) -> None:
    from pptx.chart.data import CategoryChartData
    from pptx.util import Pt

    data = CategoryChartData(number_format="#,##0")
    data.categories = [inert(label) for label in block.labels]
    for one in block.series:
        data.add_series(inert(one.name), one.values)
    chart = _chart(slide, "LINE", data, place)
    _legend(chart)
    for one, series in zip(block.series, chart.plots[0].series, strict=True):
        series.smooth = False
        series.format.line.color.rgb = rgb(one.colour)
        series.format.line.width = Pt(4 if one.bold else 1.75)
