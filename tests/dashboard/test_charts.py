"""Specifications are sound: they name only columns that their data has, and hold JSON only."""

import json
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from dashboard import charts, theme

NAMES = ("Maison Alpine", 'L\'eau "vive"', "Nordlys")
COLOURS = dict(zip(NAMES, ("#0072B2", "#E69F00", "#009E73"), strict=True))


def dots() -> charts.Spec:
    frame = pl.DataFrame(
        {
            "name": NAMES, "value": [0.02, 0.03, 0.01], "low": [0.01, 0.02, -0.01],
            "high": [0.03, 0.04, 0.02], "text": "t", "n_text": "n = 5", "rank_text": "1st",
        }
    )  # fmt: skip
    return charts.dots(
        frame, COLOURS, brands=NAMES[:1], title="Rate", number=".1%", band=(0.01, 0.02, 0.03)
    )


def stacked() -> charts.Spec:
    frame = pl.DataFrame(
        {"name": "A", "format": ["photo", "video"], "label": ["Photo", "Vidéo"],
         "share": [0.4, 0.6], "text": "40 %", "n_text": "2 / 5", "order": [1, 3]}
    )  # fmt: skip
    return charts.stacked(frame, ["A"], ["Photo", "Vidéo"])


def forest(*names: str) -> charts.Spec:
    frame = pl.DataFrame(
        {"label": "Photo", "name": names or NAMES[:1], "lift": 1.2, "lift_low": 0.9,
         "lift_high": 1.6, "text": "1.2×", "n_text": "n = 9"}
    )  # fmt: skip
    return charts.forest(frame, COLOURS)


def weeks() -> list[date]:
    return [date(2026, 11, 2) + timedelta(weeks=n) for n in range(3)]


def lines() -> charts.Spec:
    frame = pl.DataFrame({"week": weeks(), "name": NAMES[0], "posts": [3, 0, 2], "week_text": "w"})
    return charts.lines(frame, COLOURS, brands=NAMES[:1], title="posts")


def heat() -> charts.Spec:
    frame = pl.DataFrame(
        {"day": "Mon", "hour": [0, 23], "posts": [0, 4], "hour_text": "h", "lift_text": "1×"}
    )
    return charts.heat(frame, ["Mon", "Tue"])


def counts() -> charts.Spec:
    frame = pl.DataFrame(
        {"observed_at": datetime(2026, 11, 2, 10, tzinfo=UTC), "kind": ["likes", "views"],
         "label": ["Likes", "Views"], "value": [3, 90], "when_text": "t"}
    )  # fmt: skip
    return charts.counts(frame, {kind: kind.capitalize() for kind in theme.COUNTS})


def sparkline() -> charts.Spec:
    frame = pl.DataFrame(
        {"week": weeks(), "ratio": [1.0, 1.1, 2.0], "low": 0.8, "high": 2.4, "text": "t",
         "n_text": "n", "week_text": "w"}
    )  # fmt: skip
    return charts.sparkline(frame, theme.GOOD)


def shares() -> charts.Spec:
    frame = pl.DataFrame(
        {"name": "A", "label": ["x", "y"], "share": [0.1, 0.9], "share_text": "10 %",
         "text": "t", "n_text": "n", "lift_text": "1×", "dark": [False, True]}
    )  # fmt: skip
    return charts.shares(frame, ["x", "y"], ["A"])


def ratios() -> charts.Spec:
    frame = pl.DataFrame(
        {"label": ["a", "b"], "ratio": [2.0, 0.5], "low": [1.5, 0.3], "high": [3.0, 0.8],
         "status_label": ["rising", "falling"], "text": "t", "n_text": "n", "q_text": "q"}
    )  # fmt: skip
    return charts.ratios(frame, {"rising": "rising", "falling": "falling"})


ALL = (dots, stacked, forest, lines, heat, counts, sparkline, shares, ratios)


@pytest.mark.parametrize("make", ALL)
def test_every_channel_names_a_column_of_the_data(make):
    spec = make()
    rows = spec["data"]["values"]
    assert rows
    assert charts.columns_used(spec) <= set(rows[0])
    assert charts.columns_used(spec)


@pytest.mark.parametrize("make", ALL)
def test_specs_are_json_with_marks_and_the_language(make):
    spec = json.loads(json.dumps(make(), allow_nan=False))
    assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert "layer" in spec or "mark" in spec
    assert all("mark" in layer for layer in spec.get("layer", [spec]))
    assert set(spec["config"]["locale"]) == {"number", "time"}


@pytest.mark.parametrize("make", ALL)
def test_a_tooltip_says_what_was_written_for_it_or_nothing(make):
    spec = make()
    for layer in spec.get("layer", [spec]):
        lines = layer["encoding"].get("tooltip")
        assert lines or layer["mark"]["tooltip"] is None
        assert all(line["title"] for line in lines or ())


@pytest.mark.parametrize("make", [dots, forest, sparkline, ratios])
def test_intervals_are_drawn_with_every_dot(make):
    marks = {}
    for layer in make()["layer"]:
        marks.setdefault(layer["mark"]["type"], []).append(layer["encoding"])
    spans = [
        encoding
        for kind in ("rule", "area")
        for encoding in marks.get(kind, [])
        if encoding.keys() & {"x2", "y2"}
    ]
    assert spans
    assert marks.keys() & {"point", "line"}


def test_an_interval_without_upper_end_runs_off_the_picture():
    frame = pl.DataFrame(
        {"name": ["Us", "Them"], "value": [262.0, 283.0], "low": [57.0, 120.0],
         "high": [None, 300.0], "text": "t", "n_text": "n", "rank_text": "r"}
    )  # fmt: skip
    spec = charts.dots(frame, {"Us": "#000", "Them": "#111"}, brands=[], title="T", number=",")
    dashed, rule, _point = spec["layer"]
    assert dashed["encoding"]["x2"] == {"value": "width"}
    assert "!isValid(datum.high)" in dashed["transform"][0]["filter"]
    assert "&& isValid(datum.high)" in rule["transform"][0]["filter"]
    known = charts.dots(frame.tail(1), {"Them": "#111"}, brands=[], title="T", number=",")
    assert len(known["layer"]) == 2


def test_the_brand_is_thicker_and_its_name_is_quoted_for_the_expression():
    spec = charts.dots(
        pl.DataFrame({"name": NAMES[1:2], "value": [1.0], "low": [0.5], "high": [1.5],
                      "text": "", "n_text": "", "rank_text": ""}),
        COLOURS, brands=NAMES[1:2], title="x", number="d",
    )  # fmt: skip
    test = spec["layer"][0]["encoding"]["strokeWidth"]["condition"]["test"]
    assert json.dumps(NAMES[1]) in test
    assert len(spec["layer"]) == 2


def test_the_axis_reaches_below_zero_only_where_an_interval_does():
    low, high = dots()["layer"][-1]["encoding"]["x"]["scale"]["domain"]
    assert low < -0.01
    assert high > 0.04


def test_several_entities_get_a_legend_and_one_gets_none():
    assert forest()["layer"][1]["encoding"]["color"]["legend"] is None
    assert forest(*NAMES)["layer"][1]["encoding"]["color"]["legend"] is not None


def test_an_entity_keeps_its_colour_whatever_the_filter():
    entities = pl.DataFrame(
        {"entity_id": ["b", "a", "c"], "role": ["brand", "competitor", "topic"], "name": "x"}
    )
    colours = theme.entity_colours(entities)
    assert colours["b"] == theme.BRAND
    assert len(set(colours.values())) == 3


def test_twelve_entities_have_twelve_colours():
    entities = pl.DataFrame({"entity_id": [str(n) for n in range(12)], "name": "x", "role":
                             ["brand"] + ["competitor"] * 11})  # fmt: skip
    assert len(set(theme.entity_colours(entities).values())) == 12


def test_every_format_and_count_has_a_colour_of_its_own():
    from data.vocabulary import COUNTS, FORMATS

    assert set(theme.FORMATS) == set(FORMATS)
    assert len(set(theme.FORMATS.values())) == len(FORMATS)
    assert set(theme.COUNTS) == set(COUNTS)


def test_one_wide_interval_does_not_flatten_a_trend():
    frame = pl.DataFrame(
        {"week": weeks(), "ratio": [1.0, 1.1, 3.0], "low": 0.1, "high": [150.0, 2.0, 5.0],
         "text": "t", "n_text": "n", "week_text": "w"}
    )  # fmt: skip
    area, _usual, line = charts.sparkline(frame, theme.GOOD)["layer"]
    assert area["encoding"]["y"]["scale"]["domain"] == [0, 6.0]
    assert area["mark"]["clip"]
    assert line["encoding"]["y"]["scale"] == area["encoding"]["y"]["scale"]
    latest = charts.sparkline(frame.with_columns(high=pl.Series([150.0, 2.0, 9.0])), theme.GOOD)
    assert latest["layer"][0]["encoding"]["y"]["scale"]["domain"] == [0, 9.0]


@pytest.mark.parametrize(("days", "form"), [(1, "%-d %b %H:%M"), (30, "%-d %b")])
def test_an_axis_names_hours_only_where_they_tell(days, form):
    start = datetime(2026, 11, 1, tzinfo=UTC)
    frame = pl.DataFrame(
        {"observed_at": [start, start + timedelta(days=days)], "kind": "likes", "value": [1, 2],
         "label": "Likes", "when_text": "w"}
    )  # fmt: skip
    spec = charts.counts(frame, {kind: kind.capitalize() for kind in theme.COUNTS})
    assert spec["encoding"]["x"]["axis"]["format"] == form


def test_every_entity_is_named_over_the_shares():
    assert shares()["encoding"]["x"]["axis"]["labelOverlap"] is False


def test_notes_are_rules_with_their_text_on_any_chart_over_time():
    notes = pl.DataFrame({"day": weeks()[:2], "text": ["Soldes", "<b>x"], "day_text": "d"})
    for plain in (lines(), counts()):
        inside = {name for name in ("mark", "layer", "encoding") if name in plain}
        noted = charts.with_notes(dict(plain), notes)
        assert set(noted["layer"][0]) == inside
        data = noted["layer"][1]["data"]["values"]
        assert [one["text"] for one in data] == ["Soldes", "<b>x"]
        assert data[0]["day"] == weeks()[0].isoformat()
        used = charts.columns_used(noted["layer"][1])
        assert used <= set(data[0])
        json.dumps(noted)
    assert charts.with_notes(dict(lines()), notes.clear()) == lines()
