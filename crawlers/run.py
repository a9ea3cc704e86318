"""A run around its spider: what it starts from, and what is written when it ends."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import polars as pl

from crawlers.books import StoreBooks, counted, known_posts, topic_channels
from crawlers.health import broken, shortfall
from crawlers.itinerary import Itinerary
from crawlers.moves import move_of
from crawlers.plan import Plan, PlanChannel, Shortfall, Summary
from crawlers.privacy import Terms
from crawlers.recorder import Recorder, coverage_row
from crawlers.recovery import recover
from crawlers.registry import platforms
from crawlers.settle import settle
from crawlers.terms import terms_of
from crawlers.visit import Visit, missing_token, way_of
from data import logs
from data.settings import settings
from data.store import Store

STOPPED: Final = "interrupted: the run was stopped before this channel was done"


class Run:
    """One crawl: prepared from a plan, carried out by the spider, closed with a summary."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.store = Store(plan.lake)
        self.failure: Exception | None = None
        self._began = time.monotonic()
        topics = topic_channels(self.store)
        channel_ids = [channel.channel_id for channel in plan.channels]
        self._listings = {
            name: self.store.state(_listing(name)) or {}
            for name in {channel.platform for channel in plan.channels}
        }
        for channel_id in recover(self.store, channel_ids, topics):
            self._listings[channel_id.partition(":")[0]].pop(channel_id, None)
        terms = terms_of(self.store)
        books = StoreBooks(self.store, erased=terms.leaves_posts_out)
        self.known = known_posts(books, channel_ids)
        self.recorder = Recorder(self.store, books, topics, time.monotonic)
        validators = self._validators(channel_ids)
        self.visits = [
            self._visit(channel, validators.get(channel.channel_id, {}), terms)
            for channel in plan.channels
        ]

    def log(self, event: str, visit: Visit, **more: object) -> None:
        """One structured line on standard error."""
        reason = shortfall(visit.reasons)
        told = logs.line(
            "info" if reason is None else "warning", logs.CRAWL, event,
            run_id=self.plan.run_id, channel_id=visit.channel.channel_id,
            pages=visit.pages, errors=visit.errors, reason=reason, **more,
        )  # fmt: skip
        logs.out(told)

    def gain(self, visit: Visit) -> tuple[int, int]:
        """Posts that a visit read, and those among them that were not known."""
        return counted(visit.readings, visit.known)

    def close(self) -> Summary:
        """Write all that is left, coverage last; what the run came to."""
        self.recorder.finish()
        for name, platform in platforms().items():
            mine = {
                visit.channel.channel_id: visit.readings
                for visit in self.visits
                if visit.channel.platform == name
            }
            settle(StoreBooks(self.store), platform, mine, self.known)
        rows = [self._coverage(visit) for visit in self.visits]
        self._keep_listings()
        if rows:
            self.store.merge("coverage", pl.DataFrame(rows, infer_schema_length=None))
        return self._summary(rows)

    def _visit(
        self, channel: PlanChannel, validators: dict[str, tuple[str | None, str | None]],
        terms: Terms,
    ) -> Visit:  # fmt: skip
        platform = platforms()[channel.platform]
        way = way_of(channel, platform, settings())
        known = self.known[channel.channel_id]
        itinerary = Itinerary(
            way,
            channel.account,
            known,
            now=self.plan.started_at.astimezone(UTC),
            history_days=self.plan.history_days,
            full=self._full(channel),
            most_pages=self.plan.max_pages,
        )
        visit = Visit(
            channel=channel,
            platform=platform,
            way=way,
            move=move_of(channel, platform, way),
            itinerary=itinerary,
            known=known,
            validators=validators,
            run_id=self.plan.run_id,
            terms=terms,
        )
        if reason := missing_token(platform, settings()):
            visit.reasons.append(reason)
        return visit

    def _full(self, channel: PlanChannel) -> bool:
        """Whether to list on through the history: never done without a gap, or long ago."""
        listed = self._listings[channel.platform].get(channel.channel_id)
        if listed is None:
            return True
        age = self.plan.started_at - datetime.fromisoformat(listed)
        return age > timedelta(days=self.plan.refresh_days)

    def _keep_listings(self) -> None:
        for visit in self.visits:
            marks = self._listings[visit.channel.platform]
            if visit.gap or not visit.finished:
                marks.pop(visit.channel.channel_id, None)
            elif visit.itinerary.full:
                marks[visit.channel.channel_id] = self.plan.started_at.isoformat()
        for name, marks in self._listings.items():
            self.store.set_state(_listing(name), marks)

    def _validators(
        self, channel_ids: list[str]
    ) -> dict[str, dict[str, tuple[str | None, str | None]]]:
        rows = self.store.scan("validators").filter(pl.col("channel_id").is_in(channel_ids))
        found: dict[str, dict[str, tuple[str | None, str | None]]] = {}
        wanted = rows.select("channel_id", "url", "etag", "last_modified").collect()
        for channel_id, url, etag, modified in wanted.iter_rows():
            found.setdefault(channel_id, {})[url] = (etag, modified)
        return found

    def _coverage(self, visit: Visit) -> dict[str, object]:
        if not visit.finished:
            visit.reasons.append(STOPPED)
        if unhealthy := broken(visit.platform, visit.readings):
            visit.reasons.append(unhealthy)
        posts, new_posts = self.gain(visit)
        channel_id = visit.channel.channel_id
        dropped = sum(reading.dropped for reading in visit.readings)
        return coverage_row(
            self.plan.run_id,
            channel_id,
            self.plan.started_at,
            pages=visit.pages,
            posts=posts,
            new_posts=new_posts,
            dropped=dropped + self.recorder.dropped.get(channel_id, 0),
            errors=visit.errors,
            reason=shortfall(visit.reasons),
        )

    def _summary(self, rows: list[dict[str, Any]]) -> Summary:
        def total(name: str) -> int:
            return sum(row[name] for row in rows)

        return Summary(
            run_id=self.plan.run_id,
            channels=len(rows),
            pages=total("pages"),
            posts=total("posts"),
            new_posts=total("new_posts"),
            dropped=total("dropped"),
            errors=total("errors"),
            incomplete=[
                Shortfall(row["channel_id"], row["reason"]) for row in rows if not row["complete"]
            ],
            seconds=round(time.monotonic() - self._began, 3),
        )


def _listing(platform: str) -> str:
    """Name of the document that says when each channel's history was last listed in full."""
    return f"listings:{platform}"
