"""Seeded choices that are regular the way an editorial calendar is: decks rather than dice."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from data.market.cast import Channel, Shares
from data.market.ids import number

PARIS: Final = ZoneInfo("Europe/Paris")
BLOCK: Final = 25
"""Posts over which a deck keeps its planned shares."""


def dice(seed: int, who: str, purpose: str) -> np.random.Generator:
    """Randomness of its own for each channel and purpose: new channels leave the others alone."""
    return np.random.default_rng(number(seed, who, purpose))


def deck(shares: Shares, count: int, rng: np.random.Generator) -> list[str]:
    """`count` names, each block of 25 close to the planned shares, in shuffled order."""
    names = [name for name, _ in shares]
    weights = np.array([share for _, share in shares])
    targets = np.cumsum(weights / weights.sum())
    cards: list[str] = []
    while len(cards) < count:
        marks = (np.arange(BLOCK) + rng.random()) / BLOCK
        block = np.minimum(np.searchsorted(targets, marks), len(names) - 1)
        rng.shuffle(block)
        cards.extend(names[card] for card in block)
    return cards[:count]


def times(channel: Channel, first: date, days: int, rng: np.random.Generator) -> list[datetime]:
    """Times of publication (UTC, increasing) over whole local days, at the channel's habits.

    Posts are spread evenly over the days' weights, with a jitter of less than one interval.
    """
    active = max(0, days - round(channel.silent_d))
    weights = np.array(
        [channel.weekdays[(first + timedelta(days=day)).weekday()] for day in range(active)]
    )
    count = round(channel.per_week * active / 7)
    marks = (np.arange(count) + 0.1 + 0.8 * rng.random(count)) / max(count, 1) * weights.sum()
    places = np.minimum(np.searchsorted(np.cumsum(weights), marks), max(active - 1, 0))
    hours = rng.choice(channel.hours, count)
    seconds = rng.integers(0, 3600, count)
    moments = sorted(
        _local(first + timedelta(days=int(day)), int(hour), int(second))
        for day, hour, second in zip(places, hours, seconds, strict=True)
    )
    return _apart(moments)


def _local(day: date, hour: int, second: int) -> datetime:
    moment = datetime.combine(day, time(hour), tzinfo=PARIS) + timedelta(seconds=second)
    return moment.astimezone(UTC)


def _apart(moments: Sequence[datetime]) -> list[datetime]:
    """The same times, at least a minute apart."""
    spaced: list[datetime] = []
    for moment in moments:
        earliest = spaced[-1] + timedelta(minutes=1) if spaced else moment
        spaced.append(max(moment, earliest))
    return spaced
