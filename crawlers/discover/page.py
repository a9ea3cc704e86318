"""One page → the channels that it names as its site's own. Pure: no network, no clock."""

import re
from collections.abc import Iterator
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from crawlers.discover.findings import Candidate, Elsewhere, Site, merged
from crawlers.discover.heads import COMMENTS, Head
from crawlers.discover.names import names_of, resembles
from crawlers.discover.networks import (
    Account,
    account_at,
    elsewhere_at,
    host_of,
    is_network,
    makers_own,
)
from crawlers.discover.places import Node, frame_of, in_block
from crawlers.formats import xml
from crawlers.formats.links import joined_to
from crawlers.formats.sitemap import same_site

FEED_WORD: Final = re.compile(
    r"^\W*(?:(?:flux|fil|feed)s?\W+)?(?:rss|atom|feed)(?:\W+(?:feed|flux))?\W*$", re.IGNORECASE
)
FEED_FILE: Final = re.compile(
    r"/feed/?$|/atom/?$|\.(?:xml|rss|atom|rdf)(?:$|\?)|//(?:feeds?|rss)\.", re.IGNORECASE
)
"""Addresses that are feeds; `/rss/` is as often a page about them."""
PERSONAL: Final = {"linkedin": "in/", "reddit": "u/", "hackernews": "user/"}
"""Accounts of people: a site's own only where they have its name."""
LOCAL: Final = frozenset({"discourse", "feed", "lemmy", "mastodon", "newsletter", "nodebb",
                          "peertube", "wordpress"})  # fmt: skip
"""Platforms that live on any host, so that a site's own pages may look like accounts."""
TELLING: Final = ("mastodon", "newsletter")
FOLLOWED: Final = {
    "contact": re.compile(r"contact(?:[-_]us)?|contactez-nous|nous-contacter|kontakt"),
    "about": re.compile(r"about(?:[-_]us)?|a-propos|qui-sommes-nous|ueber-uns|notre-histoire"),
    "blog": re.compile(r"blog|journal|magazine|actualites|news"),
}  # fmt: skip
"""Pages of a site that often name its channels, by the last part of their address."""


def discover(body: bytes, url: str, content_type: str | None = None) -> Site:
    """The channels that one page names as its site's own.

    Args:
        body: the page as served.
        url: its address.
        content_type: of its answer, for the encoding.

    Returns:
        The site's name, its channels (the surest first), and its unread networks.
    """
    if is_network(url):
        here = account_at(url)
        own = (_candidate(here, "here"),) if here else ()
        return Site(url, here.account if here else host_of(url), merged(own))
    markup = xml.decoded(body, content_type)
    tree = LexborHTMLParser(markup)
    head = Head(tree, url, markup)
    name = head.name()
    names = names_of(url, name, head.meta.get("og:site_name"))
    candidates = [*head.candidates(names), *_links(head, names)]
    found = merged(_without_strangers(candidates))
    unread = {one.network: one for one in (*head.elsewhere(), *_elsewhere(tree, url))}
    return Site(url, name or host_of(url), found, tuple(unread.values()))


def pages_to_visit(body: bytes, url: str, content_type: str | None = None) -> tuple[str, ...]:
    """Contact, about and blog pages that a home page links to, at most one of each."""
    tree = LexborHTMLParser(xml.decoded(body, content_type))
    found: dict[str, str] = {}
    for anchor in tree.css("a[href]"):
        link = joined_to(url, (anchor.attributes.get("href") or "").strip()).partition("#")[0]
        last = link.partition("?")[0].rstrip("/").rpartition("/")[2].lower()
        last = re.sub(r"\.(?:html?|php)$", "", last)
        for kind, pattern in FOLLOWED.items():
            if link and pattern.fullmatch(last) and same_site(link, url):
                found.setdefault(kind, link)
    return tuple(link for link in found.values() if link.rstrip("/") != url.rstrip("/"))


def _links(head: Head, names: frozenset[str]) -> Iterator[Candidate]:
    """Accounts behind the page's links, where they stand as the site's own."""
    url = head.url
    for anchor in head.tree.css("a[href]"):
        link = joined_to(url, (anchor.attributes.get("href") or "").strip())
        found = account_at(link) if link else None
        if found is None or makers_own(found, url):
            continue
        if found.platform == "feed":
            yield from _feed_link(anchor, found, url)
        elif not (found.platform in LOCAL and _in_doubt(anchor, found, link, url)):
            yield from _account_link(anchor, found, head, resembles(found.account, names))


def _feed_link(anchor: Node, found: Account, url: str) -> Iterator[Candidate]:
    shown = anchor.text().strip()
    told = f"{shown} {anchor.attributes.get('title') or ''} {found.account}"
    frame = frame_of(anchor)
    if frame in {None, "text"} or COMMENTS.search(told) or not FEED_FILE.search(found.account):
        return
    if FEED_WORD.match(shown) or (same_site(found.account, url) and frame != "body"):
        yield _candidate(found, "feed link")


def _in_doubt(anchor: Node, found: Account, link: str, url: str) -> bool:
    """Whether what looks like an account on any host may as well be a page of the site itself.

    Elsewhere the link has to name its platform, unless the form of the address is telling.
    """
    if host_of(link).endswith(host_of(url)) or host_of(url).endswith(host_of(link)):
        return True
    named = anchor.attributes
    told = (
        anchor.text(),
        link,
        *(named.get(name) or "" for name in ("class", "title", "aria-label")),
    )
    return found.platform not in {*TELLING, *_said(" ".join(told))}


def _said(text: str) -> set[str]:
    return {name for name in LOCAL if name in text.lower()}


def _account_link(anchor: Node, found: Account, head: Head, alike: bool) -> Iterator[Candidate]:
    """The account where it stands in the page's frame, in a block of accounts, or by its name."""
    rel = (anchor.attributes.get("rel") or "").lower().split()
    if "me" in rel and not head.is_article:
        yield _candidate(found, "rel=me")
    frame = None if "author" in rel else frame_of(anchor)
    if frame is None or (_is_person(found) and not alike):
        return
    block = frame in {"body", "text"} and in_block(anchor, head.url)
    if frame in {"footer", "header", "nav"}:
        # An article's writer may stand in its header, without a word that says so.
        writer = frame == "header" and head.is_article and not alike
        yield _candidate(found, frame, weak=writer)
    elif frame == "body" and block:
        yield _candidate(found, "block", weak=not alike)
    if alike and (frame != "text" or (block and not head.is_article)):
        yield _candidate(found, "name")


def _is_person(found: Account) -> bool:
    kind = PERSONAL.get(found.platform)
    return kind is not None and found.account.startswith(kind)


def _without_strangers(candidates: list[Candidate]) -> Iterator[Candidate]:
    """Leave out directories of people and brands: many accounts that no other sign confirms."""
    strong = {(one.platform, one.account) for one in candidates if not one.weak}
    several: dict[str, set[str]] = {}
    for one in candidates:
        if one.weak:
            several.setdefault(one.platform, set()).add(one.account)
    with_own = {platform for platform, _ in strong}
    for one in candidates:
        key = (one.platform, one.account)
        crowd = len(several.get(one.platform, ())) > 1 or one.platform in with_own
        if key in strong or not one.weak or not crowd:
            yield one


def _elsewhere(tree: LexborHTMLParser, url: str) -> Iterator[Elsewhere]:
    """Unread networks that the page's frame or its blocks of accounts lead to."""
    for anchor in tree.css("a[href]"):
        link = joined_to(url, (anchor.attributes.get("href") or "").strip())
        network = elsewhere_at(link) if link and not same_site(link, url) else None
        if network is None:
            continue
        frame = frame_of(anchor)
        if frame in {"footer", "header", "nav"} or (frame == "body" and in_block(anchor, url)):
            yield Elsewhere(network, link)


def _candidate(found: Account, evidence: str, *, weak: bool = False) -> Candidate:
    return Candidate(found.platform, found.account, found.url, evidence, weak)
