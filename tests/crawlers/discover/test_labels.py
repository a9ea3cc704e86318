"""Channels found on recorded real pages, against what a person reads there."""

import json
import re
from pathlib import Path

from crawlers.discover.findings import same
from crawlers.discover.page import discover
from data.market import Market
from data.market.cast import CAST, CHANNELS
from data.market.server import respond
from data.market.wire.http import Request

LABELS = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))
ADDRESS = re.compile(
    rb"""(?:rel="?canonical"?[^>]*?href="|property="og:url"[^>]*?content=")(https?://[^"]+)"""
)
ELSEWHERE = {
    "articles/mi-twitter-markupvalidator.http": "https://twitter.com/MarkupValidator",
    "articles/mi-youtube.http": "http://www.youtube.com/watch?v=iaGSSrp49uc",
    "articles/radio-canada.html": "https://ici.radio-canada.ca/nouvelle/1022038/kpmg",
}
"""Addresses of pages that don't state their own in full."""


def found_in(body, url):
    return {same(one.platform, one.account) for one in discover(body, url).channels}


def labelled(names):
    return {same(*name.split(":", 1)) for name in names}


def page(folder, file):
    body = (folder / file).read_bytes()
    if file.endswith(".http"):
        body = body.partition(b"\r\n\r\n")[2] or body.partition(b"\n\n")[2]
    url = ELSEWHERE.get(file)
    return body, url or ADDRESS.search(body)[1].decode()


def rates(pairs):
    """(precision, recall) over (found, labelled) sets."""
    right = sum(len(found & truth) for found, truth in pairs)
    found, truth = (sum(map(len, side)) for side in zip(*pairs, strict=True))
    return right / found, right / truth


def test_recorded_pages(recorded, capsys):
    pairs = []
    for file, names in LABELS.items():
        pairs.append((found_in(*page(recorded, file)), labelled(names)))
    precision, recall = rates(pairs)
    with capsys.disabled():
        print(f"\n{len(pairs)} pages: precision {precision:.3f}, recall {recall:.3f}")  # noqa: T201
    assert precision >= 0.95
    assert recall >= 0.9


def test_the_demo_markets_home_pages():
    market = Market(seed=1, days=90)
    cast = {entity.name: entity for entity in CAST}
    homes = [channel for channel in CHANNELS if channel.platform == "website"]
    pairs = []
    for channel in homes:
        path = channel.url.removeprefix("https://").partition("/")[2]
        body = respond(market, Request(f"/{path}", {}, b"", "GET"), market.end).body
        others = {(c.platform, c.account.lower()) for c in cast[channel.entity].channels}
        pairs.append((found_in(body, channel.url), others - {("website", channel.url)}))
    assert len(homes) > 1
    assert rates(pairs) == (1.0, 1.0)
