"""One channel's visit: ask, archive, read, go on. Errors become reasons; nothing stops the run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Protocol

import msgspec
from msgspec import Struct, field
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)

from crawlers.absences import Known
from crawlers.guard import RefusedError
from crawlers.itinerary import Itinerary
from crawlers.moves import Move
from crawlers.plan import PlanChannel
from crawlers.platform import REASONS, Fetch, Page, Platform, Way
from crawlers.privacy import Terms
from crawlers.reading import Reading, read
from crawlers.recorder import Recorder, Validator
from crawlers.redaction import without_them
from data.records import Capture

NOT_MODIFIED: Final = 304
REDIRECTED: Final = 300
BAD: Final = 400
WAITING: Final = (429, 503)
MAX_WAIT_S: Final = 120.0
"""A channel waits this long in all for servers that ask to slow down."""
DEFAULT_WAIT_S: Final = 10.0
NOWHERE: Final = "refused: redirected to what is no web address"
AWAY: Final = "refused: the official API sends elsewhere, where the token does not go"
NO_ANSWER: Final = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    OSError,
)


class Answer(Struct, frozen=True):
    """One answer, as the network gave it."""

    url: str
    status: int
    body: bytes
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after_s: float | None = None


class Network(Protocol):
    """What a visit asks of the crawl around it."""

    async def ask(self, fetch: Fetch, headers: Mapping[str, str], *, browser: bool) -> Answer:
        """One answer; errors are raised."""

    def pause(self, fetch: Fetch, seconds: float) -> None:
        """Ask this site nothing for so long."""

    def now(self) -> datetime:
        """The time of a page that has just come."""


class Visit(Struct):
    """A channel, what was known of it, and what this visit has come to."""

    channel: PlanChannel
    platform: Platform
    way: Way
    move: Move | None
    itinerary: Itinerary
    known: dict[str, Known]
    validators: dict[str, tuple[str | None, str | None]]
    run_id: str
    terms: Terms
    readings: list[Reading] = field(default_factory=list)
    pages: int = 0
    errors: int = 0
    reasons: list[str] = field(default_factory=list)
    gap: bool = False
    finished: bool = False
    waited_s: float = 0.0

    async def run(self, network: Network, recorder: Recorder) -> None:
        """Ask for everything that the itinerary wants."""
        for fetch in self.itinerary:
            reading = await self._page(fetch, network, recorder)
            await recorder.write_if_due()
            if reading is not None:
                self.itinerary.learn(reading)
        if self.itinerary.limit:
            self.gap = True
            self.reasons.append(self.itinerary.limit)

    async def _page(self, fetch: Fetch, network: Network, recorder: Recorder) -> Reading | None:
        """What one page says; None when it is not to be had or has not changed."""
        try:
            answer = await self._ask(fetch, network)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other pages go on
            self._fail(fetch, plain_reason(error, self.platform))
            return None
        self.pages += 1
        if answer.status == NOT_MODIFIED:
            return None
        if REDIRECTED <= answer.status < BAD:
            self._fail(fetch, AWAY if fetch.official else NOWHERE)
            return None
        reading = self._read(fetch, answer, network.now(), recorder)
        self.readings.append(reading)
        if reading.reason is not None:
            self._fail(fetch, reading.reason)
        elif answer.status < BAD and (answer.etag or answer.last_modified):
            recorder.remember(
                Validator(
                    fetch.url,
                    self.channel.channel_id,
                    answer.etag,
                    answer.last_modified,
                    reading,
                )
            )
        return reading

    def _read(
        self, fetch: Fetch, answer: Answer, fetched_at: datetime, recorder: Recorder
    ) -> Reading:
        capture = Capture(
            channel_id=self.channel.channel_id,
            run_id=self.run_id,
            url=answer.url,
            fetch=msgspec.json.encode(fetch).decode(),
            fetched_at=fetched_at,
            status=answer.status,
            content_type=answer.content_type,
            body=answer.body,
        )
        page = page_of(capture, self.channel.account, self.terms.secret)
        reading = read(self.platform, page, self.channel.channel_id, self.terms)
        if reading.named:
            capture, reading = without_them(self.platform, capture, page, reading, self.terms)
        recorder.add(capture, reading)
        return reading

    async def _ask(self, fetch: Fetch, network: Network) -> Answer:
        """One answer, after the waits that the server asks for."""
        browser = (fetch.browser or self.channel.browser) and fetch.method == "GET"
        headers = {} if browser else self._conditions(fetch)
        while True:
            answer = await network.ask(fetch, headers, browser=browser)
            if browser and not _is_document(answer):
                # A browser shows XML and JSON in a viewer of its own: ask again without it.
                browser = False
                continue
            if answer.status not in WAITING:
                return answer
            wait = DEFAULT_WAIT_S if answer.retry_after_s is None else answer.retry_after_s
            if self.waited_s + wait > MAX_WAIT_S:
                return answer
            self.waited_s += max(wait, 1.0)
            network.pause(fetch, wait)

    def _conditions(self, fetch: Fetch) -> dict[str, str]:
        """Headers that let the server answer "not modified"."""
        etag, modified = self.validators.get(fetch.url, (None, None))
        # The first answers of an API name the rest, which may change while they do not.
        if fetch.method != "GET" or fetch.official or self.itinerary.full:
            return {}
        named: dict[str, Any] = {"If-None-Match": etag, "If-Modified-Since": modified}
        return {name: value for name, value in named.items() if value}

    def _fail(self, fetch: Fetch, reason: str) -> None:
        self.errors += 1
        if not fetch.optional:
            self.reasons.append(reason)
            # Pages about one post leave no gap in the list.
            self.gap = self.gap or "post" not in fetch.context


def page_of(capture: Capture, account: str, secret: bytes) -> Page:
    """The page as a platform reads it, from its capture."""
    return Page(
        fetch=msgspec.json.decode(capture.fetch, type=Fetch),
        account=account,
        url=capture.url,
        body=capture.body,
        fetched_at=capture.fetched_at,
        status=capture.status,
        content_type=capture.content_type,
        secret=secret,
    )


def plain_reason(error: BaseException, platform: Platform) -> str:
    """An error of the network in plain words; for robots.txt with the lawful alternative."""
    if isinstance(error, RefusedError):
        forbidden = error.reason.startswith("robots.txt forbids")
        return f"{error.reason}; {alternative(platform)}" if forbidden else error.reason
    if isinstance(error, DownloadTimeoutError | TimeoutError):
        return "timeout"
    if isinstance(error, IgnoreRequest):
        return _ignored(str(error))
    name = "" if isinstance(error, NO_ANSWER) else f"{type(error).__name__}: "
    return f"no answer ({name}{str(error)[:160] or type(error).__name__})"


def _ignored(text: str) -> str:
    """Why one of Scrapy's own middlewares gave a request up."""
    if "DOWNLOAD_MAXSIZE" in text:
        return "too large: over the limit once decompressed"
    return "too many redirects" if "redirection" in text else text


def alternative(platform: Platform) -> str:
    """Where what robots.txt forbids can be had lawfully."""
    way = "an official API token" if platform.needs else "the official API or the user's own export"
    if platform.official:
        way = f"the official API (set {platform.official.variables()}) or the user's own export"
    return f"lawful alternative: {way}, see {platform.docs}"


def way_of(channel: PlanChannel, platform: Platform, held: object) -> Way:
    """How to ask for a channel: through the official API where its tokens are held."""
    stays = channel.api_url or not channel.base_url
    official = platform.official
    return official if official and stays and not missing_token(official, held) else platform


def missing_token(way: Way, held: object) -> str | None:
    """The reason why what needs a token can't be asked, or None."""
    missing = [name for name in way.needs if not getattr(held, name, None)]
    if not missing:
        return None
    return f"needs_token: {REASONS['needs_token']} ({', '.join(missing)})"


def _is_document(answer: Answer) -> bool:
    kind = (answer.content_type or "text/html").lower()
    return answer.status >= BAD or "html" in kind
