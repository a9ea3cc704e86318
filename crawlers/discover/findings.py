"""What is found on a site: channels with their evidence, and networks that nobody here reads."""

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

WEIGHT: Final = {
    "here": 0.99,
    "wordpress": 0.97,
    "rel=me": 0.9,
    "sameAs": 0.9,
    "feed": 0.95,
    "twitter:site": 0.85,
    "publisher": 0.8,
    "footer": 0.8,
    "header": 0.8,
    "nav": 0.75,
    "block": 0.65,
    "name": 0.55,
    "feed link": 0.6,
}
"""Evidence → how far it is trusted alone, 0 to 1: judgement, checked against labelled pages."""
SUREST: Final = 0.99


class Candidate(Struct, frozen=True):
    """One sign that an account is the site's own; `weak` where it stands outside its frame."""

    platform: str
    account: str
    url: str
    evidence: str
    weak: bool = False


class Elsewhere(Struct, frozen=True):
    """A presence on a network that no platform reads."""

    network: str
    url: str


class Found(Struct, frozen=True):
    """A channel: its address, how sure it is (0 to 1), and every kind of evidence once."""

    platform: str
    account: str
    url: str
    confidence: float
    evidence: tuple[str, ...]


class Site(Struct, frozen=True):
    """One home page and what it led to; `problems` name pages that could not be had."""

    url: str
    name: str
    channels: tuple[Found, ...] = ()
    unsupported: tuple[Elsewhere, ...] = ()
    problems: tuple[str, ...] = field(default_factory=tuple)


def confidence(evidence: Iterable[str]) -> float:
    """How sure several kinds of evidence make a channel together: 1 - Π(1 - weight)."""
    doubt = 1.0
    for kind in set(evidence):
        doubt *= 1 - WEIGHT[kind]
    return round(min(1 - doubt, SUREST), 2)


def same(platform: str, account: str) -> tuple[str, str]:
    """What two spellings of one channel share: addresses without scheme, www and last slash."""
    if "://" in account:
        account = account.partition("://")[2].removeprefix("www.").rstrip("/").lower()
    return platform, account.lower()


def merged(candidates: Iterable[Candidate]) -> tuple[Found, ...]:
    """Each channel once, the surest first."""
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for one in candidates:
        groups.setdefault(same(one.platform, one.account), []).append(one)
    found = [_found(group) for group in groups.values()]
    return tuple(sorted(found, key=lambda one: (-one.confidence, one.platform, one.account)))


def joined(sites: Iterable[Site]) -> Site:
    """What several pages of one site say together; the first is its home page."""
    first, *others = sites
    everything = [first, *others]
    channels: dict[tuple[str, str], Found] = {}
    for one in (channel for site in everything for channel in site.channels):
        key = same(one.platform, one.account)
        known = channels.get(key, one)
        evidence = tuple(dict.fromkeys((*known.evidence, *one.evidence)))
        channels[key] = replace(known, evidence=evidence, confidence=confidence(evidence))
    unsupported = dict.fromkeys(one for site in everything for one in site.unsupported)
    return replace(
        first,
        channels=tuple(sorted(channels.values(), key=lambda one: -one.confidence)),
        unsupported=tuple({one.network: one for one in reversed(unsupported)}.values()),
        problems=tuple(problem for site in everything for problem in site.problems),
    )


def _found(group: list[Candidate]) -> Found:
    evidence = tuple(dict.fromkeys(one.evidence for one in group))
    first = min(group, key=lambda one: not one.url.startswith("https:"))
    return Found(first.platform, first.account, first.url, confidence(evidence), evidence)
