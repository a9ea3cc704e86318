"""The sample lake as a report reads it, with gaps, which the sample has none of."""

from dataclasses import replace

import polars as pl
import pytest

from dashboard import i18n, queries
from dashboard.queries import lake
from dashboard.report import content
from dashboard.report.facts import read
from tests.dashboard import sample

LOW, HIGH = "_low", "_high"


def gaps(*rows):
    """Rows of `gaps` from (competitor, volume, mix, rate), each part ± 10."""
    made = []
    for who, volume, mix, rate in rows:
        parts = {"gap": volume + mix + rate, "from_volume": volume, "from_mix": mix,
                 "from_rate": rate}  # fmt: skip
        row = {"competitor_id": who, "platform": "all", "period": "28d"}
        for name, value in parts.items():
            row |= {name: value, name + LOW: value - 10.0, name + HIGH: value + 10.0}
        made.append(row)
    return sample.conform("gaps", pl.DataFrame(made))


@pytest.fixture
def speak():
    """Puts the language back."""
    yield
    lake.use(None)
    i18n.use("en")


@pytest.fixture(scope="session")
def facts(sample_lake):
    lake.use(str(sample_lake))
    queries.forget()
    i18n.use("en", sample.ZONE)
    found = read("28d", "Outdoor France")
    lake.use(None)
    i18n.use("en")
    return replace(
        found,
        gaps=gaps(("crete-co", 120.0, -30.5, 800.25), ("granit", -300.0, 0.0, 100.0)),
    )


@pytest.fixture
def report(facts, speak):
    def build(lang="en", **changes):
        return content.build(replace(facts, **changes), zone=sample.ZONE, lang=lang)

    return build


def texts(thing):
    """Every text of a content model, wherever it stands."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        yield from texts(tuple(thing.values()))
    elif isinstance(thing, tuple | list):
        for one in thing:
            yield from texts(one)
    elif hasattr(thing, "__dataclass_fields__"):
        hidden = {"lang", "key", "tone", "kind", "formula", "colour", "unit", "url", "value"}
        for name in thing.__dataclass_fields__:
            if name not in hidden:
                yield from texts(getattr(thing, name))


def block(report, key):
    """The first block of a report with this key: a KPI's picture comes before its table."""
    return next(one for section in report.sections for one in section.blocks if one.key == key)
