"""`vigie parse`: the records of one saved page."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.words import console
from flows.words.options import Lake, Lang, lake_of
from flows.words.problems import FellShort, Unusable

if TYPE_CHECKING:
    from crawlers.platform import Page, Platform

EXAMPLE = "Example: vigie parse feed saved.xml --url https://crete.example/blog/feed"


def parse(
    platform: Annotated[str, typer.Argument(help="Name of the platform, such as bluesky.")],
    file: Annotated[Path, typer.Argument(help="The page as it was served.")],
    url: Annotated[str, typer.Option(help="Address that it came from.")],
    fetched_at: Annotated[
        str | None,
        typer.Option(help="When it was served, ISO 8601. Default: the file's own time."),
    ] = None,
    lake: Lake = None,
    lang: Lang = None,  # noqa: ARG001 - its callback sets the language
) -> None:
    """Print the records of one saved page as JSON lines; exit 1 with the reason if unreadable.

    Single items that can't be read are named on standard error; the page counts as read.
    """
    import msgspec

    from crawlers.platform import Blocked, Dropped, Fetch, ParseError
    from crawlers.registry import platforms

    if platform not in platforms():
        known = ", ".join(platforms())
        raise Unusable(
            "no platform is called {name}; there are {known}", name=platform, known=known
        )
    reader = platforms()[platform]
    page = _page(reader, file, url, fetched_at, _secret(lake))
    try:
        found = list(reader.read(page))
    except (Blocked, ParseError) as error:
        raise FellShort("{file}: {reason}", file=file, reason=error) from None
    for record in found:
        if not isinstance(record, Fetch | Dropped):
            console.result(msgspec.json.encode(record).decode())
    dropped = [item for item in found if isinstance(item, Dropped)]
    for item in dropped:
        console.problem("dropped {path}: {reason}", path=item.path, reason=item.reason)


def _page(
    reader: "Platform", file: Path, url: str, fetched_at: str | None, secret: bytes
) -> "Page":
    from crawlers.platform import Fetch, Page

    try:
        body = file.read_bytes()
        served = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError as error:
        raise Unusable(
            "{file}: can't be read ({problem}); give a saved page",
            file=file, problem=error.strerror,
        ) from None  # fmt: skip
    if fetched_at is not None:
        served = _time(fetched_at)
    account = reader.account_of(url) or url
    return Page(Fetch(url), account=account, url=url, body=body, fetched_at=served, secret=secret)


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise Unusable(
            "--fetched-at {time}: write a time like 2026-01-31T06:00:00Z", time=text
        ) from None
    return time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)


def _secret(lake: str | None) -> bytes:
    """The lake's key of pseudonyms where there is a lake, else none: the same page, the same keys.

    Nothing is created: a lake that was never written has no key to keep to.
    """
    from data.store import Store

    root = lake_of(lake)
    if "://" not in root and not Path(root).is_dir():
        return b""
    return Store(root).secret_if_made() or b""
