"""The watchlist: who is watched, where, and how politely."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from data import yaml_faults
from data.delivery import Notices, Order, QuietHours
from data.kinds import wrong
from data.said import Said, WatchlistError, WrongError, bare

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def slug(name: str) -> str:
    """`Crête & Co` → `crete-co`: the entity_id of a name."""
    letters = unicodedata.normalize("NFKD", name.replace("’", "-"))
    plain = letters.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _http(url: str) -> str:
    if not re.match(r"https?://[^\s/]+", url):
        raise WrongError("must be an address that starts with http:// or https://")
    return url


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise WrongError("is no time zone; write one such as Europe/Paris")
    return name


RETENTION_DAYS: Final = 395
"""Thirteen months: a year of comments can be compared with the one before, then they go."""
Url = Annotated[str, AfterValidator(_http)]


class Strict(BaseModel):
    """Unknown keys are errors: a typo must not pass in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSpec(Strict):
    """One channel as written: an address, and the platform where the address doesn't tell."""

    url: Url
    platform: str | None = None
    browser: bool = False


def _channel(value: Any) -> Any:
    return {"url": value} if isinstance(value, str) else value


class Entity(Strict):
    """Somebody (or some topic) that is watched."""

    name: str = Field(min_length=1)
    channels: list[Annotated[ChannelSpec, BeforeValidator(_channel)]] = Field(min_length=1)

    @property
    def entity_id(self) -> str:
        """Slug of the name; the name itself where it has no Latin letter."""
        return slug(self.name) or self.name


class Crawl(Strict):
    """How far and how politely."""

    contact: str | None = None
    history_days: int = Field(default=365, ge=1, le=3650)
    refresh_days: int = Field(default=30, ge=1, le=365)
    obey_robots: bool = True
    allow_private_networks: bool = False
    delay_s: float | None = Field(default=None, ge=0, le=3600)
    retention_days: int = Field(default=RETENTION_DAYS, ge=1, le=3650)


class OptOut(Strict):
    """Who asked not to be stored: commenters by public name, channels by address."""

    authors: list[Annotated[str, Field(min_length=2)]] = []
    channels: list[Annotated[str, Field(min_length=3)]] = []


class PlatformOptions(Strict):
    """What may be changed about a platform."""

    base_url: Url | None = None
    api_url: Url | None = None


class Reference(Strict):
    """A published figure to hold the market against, and where it was published."""

    name: str = Field(min_length=1)
    kpi: str = Field(min_length=1)
    platform: str = "all"
    value: float
    source: str = Field(min_length=1)
    year: int = Field(ge=1990, le=2100)
    url: Url | None = None


class Watchlist(Strict):
    """One market and everyone in it."""

    market: str = Field(min_length=1)
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    language: Literal["fr", "en"] = "en"
    brand: Entity
    competitors: list[Entity] = []
    influencers: list[Entity] = []
    topics: list[Entity] = []
    crawl: Crawl = Crawl()
    platforms: dict[str, PlatformOptions] = {}
    opt_out: OptOut = OptOut()
    alerts: Notices = []
    quiet_hours: QuietHours = None
    reports: list[Order] = []
    references: list[Reference] = []

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        seen: dict[str, str] = {}
        for _, entity in self.entities():
            if (other := seen.get(entity.entity_id)) is not None:
                raise WrongError(
                    "“{name}” and “{other}” have the same name; rename one",
                    name=entity.name, other=other,
                )  # fmt: skip
            seen[entity.entity_id] = entity.name
        return self

    @model_validator(mode="after")
    def _references_differ(self) -> Self:
        keys = [(one.name, one.kpi, one.platform) for one in self.references]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise WrongError(
                "references: “{key}” is given twice; keep one", key=" / ".join(twice[0])
            )
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The market's time zone."""
        return ZoneInfo(self.timezone)

    def entities(self) -> Iterator[tuple[str, Entity]]:
        """(role, entity) for everyone: the brand first, then as written."""
        yield "brand", self.brand
        for role, group in (
            ("competitor", self.competitors),
            ("influencer", self.influencers),
            ("topic", self.topics),
        ):
            for entity in group:
                yield role, entity


def channels_in(text: str) -> list[str]:
    """Addresses of the channels in a YAML text; none where it is no watchlist."""
    try:
        told = parse(text)
    except WatchlistError:
        return []
    return [channel.url for _, entity in told.entities() for channel in entity.channels]


def load(path: str | Path) -> Watchlist:
    """The watchlist in a YAML file.

    Raises:
        WatchlistError: unreadable or not a watchlist; names file, line and cure.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        none = Said("there is no such file; write one (see docs/watchlist.md)")
        raise WatchlistError(whole(path, none)) from None
    except (OSError, UnicodeDecodeError) as error:
        why = Said("can't be read: {problem}; save it as UTF-8 text", {"problem": error})
        raise WatchlistError(whole(path, why)) from error
    return parse(text, str(path))


def parse(text: str, name: str = "watchlist") -> Watchlist:
    """The watchlist in a YAML text; `name` stands for the file in messages.

    Raises:
        WatchlistError: not YAML, or not a watchlist.
    """
    try:
        document = YAML(typ="rt").load(text)
    except YAMLError as error:
        line, problem = yaml_faults.explained(error, text)
        why = Said("not readable as YAML: {problem}", {"problem": problem})
        raise WatchlistError(at_line(name, line, why)) from error
    if not isinstance(document, CommentedMap):
        why = Said("must be a mapping that starts with “market:”")
        raise WatchlistError(at_line(name, 1, why))
    try:
        return Watchlist.model_validate(document)
    except ValidationError as error:
        raise WatchlistError(*_explain(document, name, error)) from None


def whole(file: str | Path, problem: Said) -> Said:
    """What is wrong with a file."""
    return Said("{file}: {problem}", {"file": file, "problem": problem})


def at_line(file: str | Path, line: int, problem: Said) -> Said:
    """What is wrong with a line of a file."""
    return Said("{file}, line {line}: {problem}", {"file": file, "line": line, "problem": problem})


def _explain(document: CommentedMap, name: str, error: ValidationError) -> Iterator[Said]:
    for problem in error.errors():
        path = tuple(part for part in problem["loc"] if not str(part).startswith("function-"))
        where = bare(".".join(map(str, path))) if path else Said("the watchlist")
        yield at_line(name, _line(document, path), _cure(where, problem))


def _cure(where: Said, problem: "ErrorDetails") -> Said:
    """What to do about one of pydantic's findings."""
    if problem["type"] == "missing":
        return Said("“{where}” is missing; add it", {"where": where})
    if problem["type"] == "extra_forbidden":
        return Said(
            "“{where}” is not known here; remove it or correct its spelling", {"where": where}
        )
    return Said("“{where}”: {problem}", {"where": where, "problem": wrong(problem)})


def _line(node: Any, path: tuple[str | int, ...]) -> int:
    """Line of the deepest part of the path that exists in the document."""
    line = 1
    for part in path:
        inside = part in node if isinstance(node, CommentedMap) else False
        inside = inside or (
            isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node)
        )
        if not inside:
            break
        position = node.lc.data[part][0] if node.lc.data else node.lc.line
        line = position + 1
        node = node[part]
    return line


def line_of(path: str | Path, *where: str | int) -> int:
    """Line of a part of a watchlist that could be loaded, such as `"brand", "channels", 0`."""
    return _line(YAML(typ="rt").load(Path(path).read_text(encoding="utf-8")), where)
