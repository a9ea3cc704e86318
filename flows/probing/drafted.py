"""A draft watchlist of what home pages name: evidence beside every channel, for a person to check.

What can't be watched stays in it as a comment, so that nothing found is lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, count
from typing import Final
from urllib.parse import urlsplit

from crawlers.discover.findings import Found, Site
from crawlers.registry import claimants, platforms
from data.watchlist import slug
from flows.words.messages import language, say

WRITTEN: Final = frozenset({"feed", "wordpress"})
"""Platforms that bring a site's own articles."""


def draft(sites: Sequence[Site]) -> str:
    """A watchlist in YAML: the first site is the brand, the others are its competitors."""
    names = _names(sites)
    lines = [
        *_comment(say("A draft by `vigie discover`: check every line before you crawl.")),
        *_comment(say("Beside each channel: how sure it is (0 to 1), and what says so.")),
        f"market: {_quoted(names[0])}",
        f"language: {language()}",
        "brand:",
        *_entity(sites[0], names[0], "  ", set()),
    ]
    taken = {one.account for one in sites[0].channels}
    if len(sites) > 1:
        lines.append("competitors:")
    for site, name in zip(sites[1:], names[1:], strict=True):
        first, *rest = _entity(site, name, "    ", taken)
        lines += [f"  - {first.lstrip()}", *rest]
        taken |= {one.account for one in site.channels}
    return "\n".join(lines) + "\n"


def _entity(site: Site, name: str, indent: str, taken: set[str]) -> Iterator[str]:
    """The lines of one entity; `taken` are accounts that an entity before it has."""
    yield f"{indent}name: {_quoted(name)}"
    yield f"{indent}channels:"
    for problem in site.problems:
        yield from _comment(say("not had: {problem}", problem=problem), f"{indent}  ")
    sources = {one.platform for one in site.channels}
    for one in site.channels:
        line = f"- {_written(one)}  # {_reasons(one)}"
        if one.account in taken:
            yield from _comment(f"{line}; {say('named by another site too')}", f"{indent}  ")
        elif one.platform == "feed" and "wordpress" in sources and _beside(one, site):
            yield from _comment(f"{line}; {say('the same articles')}", f"{indent}  ")
        else:
            yield f"{indent}  {line}"
    if not sources & WRITTEN or all(one.account in taken for one in site.channels):
        known = bool(site.channels) or not site.problems
        told = say("the site itself: no feed was found") if known else say("the site itself")
        yield f"{indent}  - {{platform: website, url: {_quoted(site.url)}}}  # {told}"
    for other in site.unsupported:
        told = say("no platform reads {network}: {url}", network=other.network, url=other.url)
        yield from _comment(told, f"{indent}  ")


def _beside(one: Found, site: Site) -> bool:
    """Whether a feed is that of a WordPress site that is watched already."""
    hosts = {urlsplit(c.url).netloc for c in site.channels if c.platform == "wordpress"}
    return urlsplit(one.url).netloc in hosts


def _names(sites: Iterable[Site]) -> list[str]:
    """The entities' names, all different: the second of one name gets its host, others a number."""
    seen: set[str] = set()
    names = []
    for site in sites:
        host = urlsplit(site.url).netloc
        name = " ".join(site.name.split())[:80] or host
        options = chain((name, f"{name} ({host})"), (f"{name} ({host}) {n}" for n in count(3)))
        name = next(option for option in options if (slug(option) or option) not in seen)
        seen.add(slug(name) or name)
        names.append(name)
    return names


def _written(one: Found) -> str:
    """The channel as a watchlist writes it: an address alone where that tells the platform."""
    alone = claimants(one.url) == [(one.platform, one.account)]
    url = _quoted(one.url)
    return url if alone else f"{{platform: {one.platform}, url: {url}}}"


def _reasons(one: Found) -> str:
    return f"{platforms()[one.platform].title}, {one.confidence:.2f}: {', '.join(one.evidence)}"


def _comment(text: str, indent: str = "") -> Iterator[str]:
    """A comment line; whatever a page said stays on it."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    yield f"{indent}# {shown}"


def _quoted(text: str) -> str:
    """A text as a YAML scalar that can't end early, whatever a page put into it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    yaml, out = YAML(), StringIO()
    yaml.width = 1 << 20
    yaml.dump([DoubleQuotedScalarString(text)], out)
    return out.getvalue().removeprefix("- ").rstrip("\n")
