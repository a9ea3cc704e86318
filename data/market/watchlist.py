"""The watchlist that follows the whole market at the address where it is served."""

from io import StringIO
from typing import Any, Final

from ruamel.yaml import YAML

from data.market.cast import CAST, Channel, Entity
from data.market.world import Market

MOVED: Final = ("bluesky", "mastodon", "feed", "wordpress", "youtube", "website")
GROUPS: Final = {"competitor": "competitors", "influencer": "influencers", "topic": "topics"}


def watchlist_yaml(market: Market, base_url: str) -> str:
    """A watchlist file: everyone in the market, every platform moved to `base_url`."""
    watched: dict[str, Any] = {
        "market": "Outdoor France (démonstration)", "timezone": "Europe/Paris", "language": "fr",
    }  # fmt: skip
    for entity in CAST:
        entry = _entity(market, entity)
        if entry is None:
            continue
        if entity.role == "brand":
            watched["brand"] = entry
        else:
            watched.setdefault(GROUPS[entity.role], []).append(entry)
    watched["crawl"] = {
        "contact": "veille@maisonalpine.example", "history_days": market.days + 30,
        "refresh_days": 30, "obey_robots": True, "allow_private_networks": True, "delay_s": 0,
    }  # fmt: skip
    watched["platforms"] = {name: {"base_url": base_url} for name in MOVED}
    text = StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(watched, text)
    return text.getvalue()


def _entity(market: Market, entity: Entity) -> dict[str, Any] | None:
    channels = [_channel(c) for c in market.channels if c.entity == entity.name]
    return {"name": entity.name, "channels": channels} if channels else None


def _channel(channel: Channel) -> str | dict[str, Any]:
    """An address alone where it tells the platform; else what is needed besides."""
    if channel.dialect == "script":
        return {"url": channel.url, "platform": "website", "browser": True}
    if channel.platform in {"wordpress", "website"} or channel.is_topic:
        return {"url": channel.url, "platform": channel.platform}
    return channel.url
