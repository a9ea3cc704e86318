"""Moved origins: a platform speaks of public addresses, the network is asked elsewhere.

A watchlist may move a platform (`platforms: {bluesky: {base_url: http://127.0.0.1:2584}}`).
Requests are rewritten where they leave, redirects and final addresses where they come back, so
that robots.txt, the archive and the parsers know public addresses only.
"""

from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from crawlers.plan import PlanChannel
from crawlers.platform import Official, Platform, Way


class Move(Struct, frozen=True):
    """`public` and `actual` are addresses without a trailing slash that stand for each other."""

    public: str
    actual: str

    def to_network(self, url: str) -> str:
        """The address to ask for a public one."""
        return _swap(url, self.public, self.actual)

    def to_public(self, url: str, base: str | None = None) -> str:
        """The public address of one that the network gave; `base` (public) resolves relatives."""
        if base is not None and not urlsplit(url).scheme:
            # "/path" is meant by a server that knows itself at its actual address.
            url = urljoin(self.to_network(base), url)
        return _swap(url, self.actual, self.public)


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def move_of(channel: PlanChannel, platform: Platform, way: Way | None = None) -> Move | None:
    """How the addresses of this channel, asked in this way, are moved, or None."""
    if isinstance(way, Official):
        return Move(way.origin, channel.api_url.rstrip("/")) if channel.api_url else None
    if channel.base_url is None:
        return None
    return Move(origin(platform.base_url or channel.url), channel.base_url.rstrip("/"))


def _swap(url: str, old: str, new: str) -> str:
    rest = url[len(old) :]
    if url[: len(old)].lower() != old.lower() or (rest and rest[0] not in "/?#"):
        return url
    return new + rest
