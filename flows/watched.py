"""From a watchlist to the channels that it means: who reads each address, and who is watched."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawlers.plan import PlanChannel
from crawlers.platform import Platform
from crawlers.registry import claimants, platforms
from data.said import Said, WatchlistError
from data.tables import TABLES
from data.watchlist import ChannelSpec, Entity, Watchlist, at_line, line_of, load
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from data.store import Store

IMPORTED = "imported"
"""State of the lake: entities and channels that a file brought and no watchlist names."""
FILE = "watchlist"
"""State of the lake: where the watchlist of the last run lies."""
PLACES = {"competitor": "competitors", "influencer": "influencers", "topic": "topics"}


def read(path: str | Path) -> tuple[Watchlist, list[PlanChannel]]:
    """A watchlist and its channels, each with its platform and account.

    Raises:
        WatchlistError: the file is no watchlist, or no platform (or more than one) reads an
            address; the message names file, line and cure.
    """
    watchlist = load(path)
    channels: dict[str, PlanChannel] = {}
    problems = [
        at_line(path, line_of(path, "platforms", name), _unknown(name))
        for name in sorted(set(watchlist.platforms) - set(platforms()))
    ]
    problems += _unknown_kpis(path, watchlist)
    for spec, entity, where in _specs(watchlist):
        try:
            _add(channels, channel_of(spec, entity, watchlist), spec.url)
        except WatchlistError as error:
            line = line_of(path, *where)
            problems += [at_line(path, line, problem) for problem in error.problems]
    if problems:
        raise WatchlistError(*problems)
    return watchlist, list(channels.values())


def _unknown_kpis(path: str | Path, watchlist: Watchlist) -> Iterator[Said]:
    """Line and cure of every reference to what is no KPI."""
    if not watchlist.references:
        return
    from features.kpis import BETTER

    for place, one in enumerate(watchlist.references):
        if one.kpi not in BETTER:
            line = line_of(path, "references", place)
            told = {"kpi": one.kpi, "known": ", ".join(sorted(BETTER))}
            yield at_line(path, line, Said("no KPI is called “{kpi}”; there are {known}", told))


def _add(channels: dict[str, PlanChannel], channel: PlanChannel, url: str) -> None:
    if (other := channels.get(channel.channel_id)) is not None:
        raise WatchlistError(
            Said(
                "{url} is the channel {channel}, which “{entity}” has already; keep one of the two",
                {"url": url, "channel": other.channel_id, "entity": other.entity_id},
            )
        )
    channels[channel.channel_id] = channel


def _specs(watchlist: Watchlist) -> Iterator[tuple[ChannelSpec, Entity, tuple[str | int, ...]]]:
    """Every channel as written, whose it is, and its place in the document."""
    numbers = dict.fromkeys(PLACES, 0)
    for role, entity in watchlist.entities():
        place: tuple[str | int, ...] = ("brand",)
        if role in PLACES:
            place = (PLACES[role], numbers[role])
            numbers[role] += 1
        for number, spec in enumerate(entity.channels):
            yield spec, entity, (*place, "channels", number)


def channel_of(spec: ChannelSpec, entity: Entity, watchlist: Watchlist) -> PlanChannel:
    """The channel that an address means.

    Raises:
        WatchlistError: not exactly one platform reads it; the message has no file or line.
    """
    platform, account = _reader(spec)
    options = watchlist.platforms.get(platform.name)
    return PlanChannel(
        channel_id=f"{platform.name}:{account}",
        entity_id=entity.entity_id,
        platform=platform.name,
        account=account,
        url=platform.url_of(account),
        base_url=options.base_url if options else None,
        api_url=options.api_url if options else None,
        browser=spec.browser or platform.browser,
    )


def _reader(spec: ChannelSpec) -> tuple[Platform, str]:
    if spec.platform is not None:
        if spec.platform not in platforms():
            raise WatchlistError(_unknown(spec.platform))
        platform = platforms()[spec.platform]
        return platform, account_on(platform, spec.url)
    takers = claimants(spec.url)
    if len(takers) == 1:
        name, account = takers[0]
        return platforms()[name], account
    if takers:
        names = [name for name, _ in takers]
        raise WatchlistError(
            Said(
                "{url} can be read as {names}; say which: {{platform: {first}, url: {url}}}",
                {"url": spec.url, "names": ", ".join(names), "first": names[0]},
            )
        )
    raise WatchlistError(
        Said(
            "no platform reads {url}; give the address of an account, a feed or a site "
            "(platforms: {known})",
            {"url": spec.url, "known": ", ".join(platforms())},
        )
    )


def account_on(platform: Platform, url: str) -> str:
    """The account that an address means on a platform that the user named.

    Some platforms live on any site, so that an address does not tell: there the address itself
    is the account.
    """
    if (account := platform.account_of(url)) is not None:
        return account
    if platform.base_url is None:
        for account in (url, url.rstrip("/")):
            address = platform.url_of(account)
            if address == account or platform.account_of(address) == account:
                return account
    raise WatchlistError(
        Said(
            "{platform} has no account at {url}; write it like {example}",
            {"platform": platform.title, "url": url, "example": platform.examples[0]},
        )
    )


def _unknown(name: str) -> Said:
    known = ", ".join(platforms())
    return Said("no platform is called “{name}”; there are {known}", {"name": name, "known": known})


def picked(channels: Sequence[PlanChannel], only: str | None) -> list[PlanChannel]:
    """The channels of one platform or one entity; all of them without a choice."""
    chosen = [c for c in channels if only in {None, c.platform, c.entity_id, c.channel_id}]
    if not chosen:
        known = sorted({name for c in channels for name in (c.platform, c.entity_id)})
        raise Unusable(
            "--only {only}: nobody like that is watched; there are {known}",
            only=only,
            known=", ".join(known),
        )
    return chosen


def register(store: "Store", watchlist: Watchlist, channels: Sequence[PlanChannel]) -> None:
    """Make `entities` and `channels` say what the watchlist says; no write where they do.

    Those that an imported file brought stay, unless the watchlist says otherwise.
    """
    import polars as pl

    left = {channel.entity_id for channel in channels}
    erased = store.scan("erasures").filter(pl.col("kind") == "channel").head(1).collect().height
    entities = [
        {"entity_id": entity.entity_id, "name": entity.name, "role": role}
        for role, entity in watchlist.entities()
        if entity.entity_id in left or not erased  # an erased channel's entity goes with it
    ]
    names = ("channel_id", "entity_id", "platform", "account", "url")
    rows = [{name: getattr(channel, name) for name in names} for channel in channels]
    _add_imported(store, entities, rows)
    for table, wanted, key in (
        ("entities", entities, "entity_id"),
        ("channels", rows, "channel_id"),
    ):
        frame = pl.DataFrame(wanted).sort(key)
        known = store.scan(table).collect().sort(key).select(frame.columns)
        if not known.equals(frame):
            store.replace(table, frame)
    _register_references(store, watchlist)
    market = {key: getattr(watchlist, key) for key in ("market", "timezone", "language")}
    if store.state("market") != market:
        store.set_state("market", market)


def remember(store: "Store", path: str | Path) -> None:
    """Note where the watchlist lies, for the dashboard to edit; no write where it is known."""
    where = {"path": str(Path(path).resolve())}
    if store.state(FILE) != where:
        store.set_state(FILE, where)


def _register_references(store: "Store", watchlist: Watchlist) -> None:
    """Make `references` say what the watchlist says; no write where it does."""
    import polars as pl

    keys = ("name", "kpi", "platform")
    schema = TABLES["references"].create_empty().schema
    rows = [one.model_dump() for one in watchlist.references]
    frame = pl.DataFrame(rows, schema=schema).sort(keys)
    if not store.scan("references").collect().sort(keys).equals(frame):
        store.replace("references", frame)


def _add_imported(
    store: "Store", entities: list[dict[str, str]], channels: list[dict[str, str]]
) -> None:
    """Add what files brought: entities that are not watched, channels of those that are known."""
    kept = store.state(IMPORTED) or {"entities": {}, "channels": {}}
    known = {row["entity_id"] for row in entities}
    added = {key: row for key, row in kept["entities"].items() if key not in known}
    entities += [{"entity_id": key, **row} for key, row in added.items()]
    watched = {row["channel_id"] for row in channels}
    for key, row in kept["channels"].items():
        if key not in watched and row["entity_id"] in known | set(added):
            channels.append({"channel_id": key, **row})
