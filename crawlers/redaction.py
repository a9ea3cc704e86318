"""People cut out of a page: what is theirs leaves its bytes, the rest stays as it was served.

Three ways are tried, from the one that leaves least: the list entry that names them goes; what
names them goes from the object that holds it; it stays, and all words in it are taken out. Where
others name them in a text, a sign stands for the name. The page is then read again: unless it says
what it said without them, the next way is tried, and at the end the bytes are not kept at all.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import msgspec
from msgspec import structs

from crawlers.platform import Page, Platform
from crawlers.privacy import Terms
from crawlers.reading import Reading, read
from data.names import INSTEAD, pattern_of, plain
from data.records import Capture

DATED: Final = re.compile(r"\d{4}-\d\d-\d\d[T ].*|\d+(?:\.\d+)?")
"""Texts that no word is in: times and numbers."""
TECHNICAL: Final = frozenset({"uri", "url", "cid", "id", "type"})
"""Keys whose texts a reader needs, and which name nobody once the names are out of them."""
_GONE: Final = object()


def without_them(
    platform: Platform, capture: Capture, page: Page, reading: Reading, terms: Terms
) -> tuple[Capture, Reading]:
    """The capture and its reading without those whom the reading names; perhaps without body."""
    return without(platform, capture, page, reading, terms, reading.named)


def without(
    platform: Platform, capture: Capture, page: Page, reading: Reading, terms: Terms,
    names: set[str],
) -> tuple[Capture, Reading]:  # fmt: skip
    """The capture and its reading without these names; perhaps without body."""
    told = Cut(names)
    for body in told.ways(capture.body, texts=not reading.named):
        again = read(platform, structs.replace(page, body=body), reading.channel_id, terms)
        if again.named or not _same(again, reading):
            continue
        if not reading.unsaid or not _still_said(capture.body, body, reading):
            return structs.replace(capture, body=body, erased="author"), again
    return structs.replace(capture, body=b"", erased="author"), reading


def _still_said(before: bytes, after: bytes, reading: Reading) -> bool:
    """Whether a text of theirs stands there as often as before: others may say the same."""
    old, new = (" ".join(_texts(msgspec.json.decode(body))) for body in (before, after))
    return any(text in old and new.count(text) >= old.count(text) for text in reading.unsaid)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for one in node.values() if isinstance(node, dict) else node:
            yield from _texts(one)


def _same(again: Reading, reading: Reading) -> bool:
    """Whether two readings hold the same things; texts may name fewer people."""
    drawers = ("profiles", "metrics", "gone", "dropped", "reason")
    told = [
        ({(one.native_id, one.is_repost) for one in r.posts}, {one.native_id for one in r.comments})
        for r in (again, reading)
    ]
    asked = [[(one.kind, one.more) for one in r.fetches] for r in (again, reading)]
    same = told[0] == told[1] and asked[0] == asked[1]
    return same and all(getattr(again, name) == getattr(reading, name) for name in drawers)


class Cut:
    """Names on their way out of a document."""

    def __init__(self, names: set[str]) -> None:
        self.exact = {plain(name) for name in names if name.strip()}
        self.pattern = pattern_of(names)

    def ways(self, body: bytes, *, texts: bool) -> Iterator[bytes]:
        """What may be left of a body, the best first; `texts`: it need be no JSON."""
        try:
            document = msgspec.json.decode(body)
        except msgspec.DecodeError:
            text = body.decode("utf-8", "surrogateescape")
            if texts and self.pattern is not None:
                yield self.pattern.sub(INSTEAD, text).encode("utf-8", "surrogateescape")
            return
        for way in (self.entries, self.members, self.words):
            try:
                left = way(document)
            except RecursionError:
                return
            if left is not _GONE:
                found = msgspec.json.encode(left)
                if self.pattern is None or not self.pattern.search(found.decode()):
                    yield found

    def is_theirs(self, node: Any) -> bool:
        """Whether an object is a person's own: it names them."""
        if not isinstance(node, dict):
            return False
        return any(isinstance(one, str) and plain(one) in self.exact for one in node.values())

    def text(self, text: str) -> str:
        """A text of somebody else, without the names."""
        return text if self.pattern is None else self.pattern.sub(INSTEAD, text)

    def entries(self, node: Any) -> Any:
        """Without the list entries in which they are named; _GONE for what holds no list."""
        if isinstance(node, str):
            return self.text(node)
        if isinstance(node, list):
            left = (self.entries(one) for one in node if not self._is_named(one))
            return [one for one in left if one is not _GONE]
        if isinstance(node, dict):
            if self.is_theirs(node):
                return _GONE
            kept = {key: self.entries(value) for key, value in node.items()}
            return _GONE if any(value is _GONE for value in kept.values()) else kept
        return node

    def members(self, node: Any) -> Any:
        """Without the members that are theirs: an object that names them, and what it is of."""
        if isinstance(node, str):
            return self.text(node)
        if isinstance(node, list):
            return [self.members(one) for one in node if not self._goes(one)]
        if isinstance(node, dict):
            return {key: self.members(one) for key, one in node.items() if not self._goes(one)}
        return node

    def words(self, node: Any, *, theirs: bool = False, key: str = "") -> Any:
        """With every word taken out of what is theirs; it stays where it was."""
        if isinstance(node, str):
            return self._emptied(node, key) if theirs else self.text(node)
        if isinstance(node, list):
            return [self.words(one, theirs=theirs, key=key) for one in node]
        if isinstance(node, dict):
            mine = theirs or self.is_theirs(node) or self._is_of_them(node)
            return {key: self.words(one, theirs=mine, key=key) for key, one in node.items()}
        return node

    def _emptied(self, text: str, key: str) -> str:
        if plain(text) in self.exact:
            return INSTEAD
        if DATED.fullmatch(text) or key.startswith("$") or key in TECHNICAL:
            return self.text(text)
        return INSTEAD

    def _is_named(self, node: Any) -> bool:
        return isinstance(node, str) and plain(node) in self.exact

    def _goes(self, node: Any) -> bool:
        return self._is_named(node) or self.is_theirs(node) or self._is_of_them(node)

    def _is_of_them(self, node: Any) -> bool:
        """Whether an object is by somebody: one of its members names them."""
        return isinstance(node, dict) and any(map(self.is_theirs, node.values()))
