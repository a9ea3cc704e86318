"""The whole market, and what of it can be seen at a given time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, TypeVar

from data.market.cast import CAST, CHANNELS, Channel
from data.market.growth import counts_at, followers_at
from data.market.incidents import reposts, strike
from data.market.records import Answer, Comment, Counts, Post, Repost
from data.market.rhythm import PARIS
from data.market.simulate import Stage, perform
from data.market.truth import Truth, truth_of

T = TypeVar("T")
LONGEST_MEMORY: Final = 300
END: Final = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)
"""A Monday, six in the morning in Paris: the last week is just complete."""
CRAWLED_D: Final = (42, 21, 14, 7, 3, 0)
"""Days before the end at which the demo crawls: ages of seven days are met several times."""


@dataclass(frozen=True)
class Market:
    """A seeded, fictional market over `days` days; the same seed makes the same market."""

    seed: int = 1
    days: int = 180
    channels: tuple[Channel, ...] = field(default=CHANNELS, repr=False)
    _views: dict[tuple[str, str, datetime], list[Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def end(self) -> datetime:
        """When the simulation stops; the last crawl."""
        return END

    @property
    def start(self) -> datetime:
        """Nothing was published before."""
        return END - timedelta(days=self.days)

    @property
    def last_week(self) -> date:
        """Monday of the latest complete week, in the market's time zone."""
        today = self.end.astimezone(PARIS).date()
        return today - timedelta(days=today.weekday() + 7)

    def midnight(self, day: date) -> datetime:
        """Start of a local day, as UTC."""
        return datetime.combine(day, time(), tzinfo=PARIS).astimezone(UTC)

    @property
    def stage(self) -> Stage:
        """Seed, end and length."""
        return Stage(self.seed, self.end, self.days)

    @cached_property
    def posts(self) -> dict[str, list[Post]]:
        """Own publications by channel, oldest first, deleted ones included."""
        voices = {entity.name for entity in CAST if entity.role == "influencer"}
        ledger = {
            channel.channel_id: perform(channel, self.stage, is_voice=channel.entity in voices)
            for channel in self.channels
        }
        strike(ledger, self.stage)
        return ledger

    @cached_property
    def reposts(self) -> dict[str, list[Repost]]:
        """Other people's posts that channels passed on."""
        return reposts(self.posts, self.stage)

    @cached_property
    def truth(self) -> Truth:
        """What was planted, as frames."""
        return truth_of(self)

    def crawl_dates(self) -> list[datetime]:
        """When the demo crawls, oldest first; the last is the end."""
        dates = [self.end - timedelta(days=days) for days in CRAWLED_D]
        return [date for date in dates if date > self.start]

    def visible(self, channel_id: str, now: datetime) -> list[Post]:
        """Own publications that can be seen at a time, newest first."""

        def look() -> list[Post]:
            return [post for post in reversed(self.posts[channel_id]) if post.alive(now)]

        return self._once("visible", channel_id, now, look)

    def _once(
        self, what: str, channel_id: str, now: datetime, look: Callable[[], list[T]]
    ) -> list[T]:
        """What was looked up at this time already, else a look: time stands during a crawl."""
        key = (what, channel_id, now)
        if key not in self._views:
            if len(self._views) > LONGEST_MEMORY:
                self._views.clear()
            self._views[key] = look()
        return list(self._views[key])

    def shared(self, channel_id: str, now: datetime) -> list[Repost]:
        """Reposts that can be seen at a time, newest first."""
        found = [repost for repost in self.reposts.get(channel_id, ()) if repost.alive(now)]
        return sorted(found, key=lambda repost: repost.at, reverse=True)

    def answered(self, channel_id: str, now: datetime) -> list[tuple[Post, Comment, Answer]]:
        """The channel's answers to comments under visible posts, newest first."""

        def look() -> list[tuple[Post, Comment, Answer]]:
            found = [
                (post, comment, answer)
                for post in self.visible(channel_id, now)
                for comment, answer in post.answers(now)
            ]
            return sorted(found, key=lambda row: row[2].at, reverse=True)

        return self._once("answered", channel_id, now, look)

    def counts(self, post: Post, now: datetime) -> Counts:
        """Public counts of a post at a time."""
        return counts_at(post, now)

    def followers(self, channel: Channel, now: datetime) -> int | None:
        """Followers of a channel at a time; None where it has none."""
        return followers_at(channel, now, self.end)
