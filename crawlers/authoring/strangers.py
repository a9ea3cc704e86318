"""Other people's names in a page become invented ones: the same person, the same name. Pure.

A stranger is whoever stands where a document names the author of something (JSON objects and
values under such keys, XML's author elements, HTML marked as such), and whoever a text mentions
with `@`, unless it is the recorded account.
"""

import html
import json
import re
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec

PEOPLE: Final = re.compile(
    r"(?:author|user|owner|actor|account|by|from|commenter|creator|person|reviewer|consumer|"
    r"sender|mentions?|mentioned_?users?|fromuser|replyto|reblogged_?by|reposted_?by)s?",
    re.IGNORECASE,
)
NAMES: Final = {
    "username", "user_name", "handle", "screen_name", "screenname", "name", "display_name",
    "displayname", "acct", "nickname", "unique_id", "uniqueid", "full_name", "fullname", "login",
    "preferredusername", "first_name", "last_name",
}  # fmt: skip
PICTURES: Final = re.compile(r"avatar|profile_?(?:pic|image)|thumb_?nail|picture", re.IGNORECASE)
NAMED: Final = {"author_name", "author_fullname", "username", "screen_name", "authordisplayname"}
INVENTED: Final = re.compile(r"stranger[0-9]+", re.IGNORECASE)
AVATAR: Final = "https://stranger.example/avatar.png"
STRING: Final = re.compile(r'"((?:[^"\\\x00-\x1f]|\\.)*)"(\s*:)?')
SCRIPT: Final = re.compile(r"(<script\b[^>]*>)(.*?)(</script\s*>)", re.IGNORECASE | re.DOTALL)
TAG: Final = re.compile(r"<(?:!--.*?--|[^<>]*)>", re.DOTALL)
SHOWN: Final = re.compile(
    r"(\b(?:href|src|title|alt|content|aria-label|data-(?:author|user|name)[\w-]*)\s*=\s*)"
    r"(\"[^\"]*\"|'[^']*')",
    re.IGNORECASE,
)
WRITER: Final = re.compile(
    r"<(?:author|dc:creator|name|[\w.]+:name)\b[^<>]*>\s*(?:<!\[CDATA\[)?([^<>\[\]]{2,80}?)"
    r"(?:\]\]>)?\s*</|"
    r"<\w+\b[^<>]*\b(?:class|rel|itemprop)=[\"'][^\"'<>]*\b(?:author|username|commenter|hnuser|fn)"
    r"\b[^\"'<>]*[\"'][^<>]*>\s*([^<>]{2,80}?)\s*</",
    re.IGNORECASE,
)
MENTION: Final = re.compile(r"(?<![\w/@.])@([^\W_](?:[\w.-]{0,60}\w)?)")
PIECE: Final = re.compile(r"[\w.-]+")
SHORTEST: Final = 3


def renamed(text: str, own: Collection[str]) -> tuple[str, int]:
    """The document with invented names, and how many places changed."""
    document = _decoded(text)
    scripts = [part for match in SCRIPT.finditer(text) if (part := _decoded(match[2]))]
    found = Found(own)
    for tree in [document] if document is not None else scripts:
        found.tree(tree)
    if document is None:
        found.markup(text)
    book = Book(found.people(), found.pictures())
    if document is not None:
        return book.strings(text), book.changed
    return book.markup(text), book.changed


class Found:
    """Who a document names, strangers and the recorded account apart."""

    def __init__(self, own: Collection[str]) -> None:
        self._own = {_plain(name) for name in own if name}
        self._persons: list[tuple[str, ...]] = []
        self._pictures: list[tuple[set[str], str]] = []

    def people(self) -> list[tuple[str, ...]]:
        """The names of each stranger, in the order in which they come."""
        return [
            left
            for names in self._persons
            if (left := tuple(n for n in names if _plain(n) not in self._own and _is_name(n)))
        ]

    def pictures(self) -> set[str]:
        """Addresses of the pictures of strangers."""
        return {url for names, url in self._pictures if not names & self._own and url != AVATAR}

    def tree(self, node: Any, key: str = "") -> None:
        """Note everybody in a JSON document."""
        if isinstance(node, str):
            if PEOPLE.fullmatch(key) or key.lower() in NAMED:
                self._note(node)
            self._mentions(node)
        elif isinstance(node, list):
            for one in node:
                self.tree(one, key)
        elif isinstance(node, dict):
            if PEOPLE.fullmatch(key):
                self._note(*_names(node))
                self._pictures += _pictures(node)
            for inner, value in node.items():
                self.tree(value, inner)

    def markup(self, text: str) -> None:
        """Note everybody in an HTML or XML document."""
        for match in WRITER.finditer(text):
            self._note(html.unescape(match[1] or match[2]))
        self._mentions(TAG.sub(" ", SCRIPT.sub(" ", text)))

    def _mentions(self, text: str) -> None:
        for match in MENTION.finditer(text):
            self._note(match[1])

    def _note(self, *names: str) -> None:
        if any(_plain(name) in self._own for name in names):
            self._own |= {_plain(name) for name in names}
        elif names:
            self._persons.append(names)


class Book:
    """Which invented name stands for which person; replaces them and counts."""

    def __init__(self, people: list[tuple[str, ...]], pictures: Collection[str]) -> None:
        self._pictures = pictures
        self._names: dict[str, str] = {}
        taken = {_plain(name) for names in people for name in names}
        number = 0
        for names in people:
            known = next((self._names[n] for n in map(_plain, names) if n in self._names), None)
            while known is None:
                number += 1
                known = None if f"stranger{number}" in taken else f"stranger{number}"
            for name in names:
                self._names.setdefault(_plain(name), known)
        words = sorted(self._names, key=len, reverse=True)
        whole = "|".join(map(re.escape, words)) or r"(?!)"
        self._pattern = re.compile(rf"(?<![\w]){'(?:' + whole + ')'}(?![\w])", re.IGNORECASE)
        self.changed = 0

    def text(self, text: str) -> str:
        """A plain text."""
        return self._pattern.sub(self._instead, text)

    def strings(self, text: str) -> str:
        """A JSON text: its string values, not its keys."""
        return STRING.sub(self._value, text)

    def markup(self, text: str) -> str:
        """HTML or XML: texts, shown attributes, and embedded JSON."""
        parts, at = [], 0
        for match in SCRIPT.finditer(text):
            parts += [self._outside(text[at : match.start()]), match[1]]
            parts += [self.strings(match[2]), match[3]]
            at = match.end()
        return "".join([*parts, self._outside(text[at:])])

    def _outside(self, text: str) -> str:
        parts, at = [], 0
        for match in TAG.finditer(text):
            parts += [self.text(text[at : match.start()]), SHOWN.sub(self._shown, match[0])]
            at = match.end()
        return "".join([*parts, self.text(text[at:])])

    def _shown(self, match: re.Match[str]) -> str:
        return match[1] + self.text(match[2])

    def _value(self, match: re.Match[str]) -> str:
        if match[2]:
            return match[0]
        try:
            value = json.loads(f'"{match[1]}"')
        except ValueError:
            return match[0]
        picture = value in self._pictures
        self.changed += picture
        new = AVATAR if picture else self.text(value)
        return match[0] if new == value else json.dumps(new)

    def _instead(self, match: re.Match[str]) -> str:
        self.changed += 1
        return self._names[_plain(match[0])]


def _names(node: dict[str, Any]) -> Iterator[str]:
    for key, value in node.items():
        if key.lower() in NAMES and isinstance(value, str):
            yield value


def _pictures(node: dict[str, Any]) -> Iterator[tuple[set[str], str]]:
    names = {_plain(name) for name in _names(node)}
    for key, value in node.items():
        if PICTURES.search(key) and isinstance(value, str) and value.startswith("http"):
            yield names, value


def _plain(name: str) -> str:
    return name.strip().lstrip("@").lower()


def _is_name(name: str) -> bool:
    plain = _plain(name)
    written = (
        len(plain) >= SHORTEST and not plain.isdigit() and "://" not in plain and plain[0] != "["
    )
    return written and not INVENTED.fullmatch(plain)


def _decoded(text: str) -> Any:
    """The JSON document in a text; None where it is none."""
    try:
        found = msgspec.json.decode(text.strip())
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
