"""Whether an account's name is like the site's own."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from crawlers.discover.networks import HOSTING, bare, host_of

SECOND: Final = frozenset({"co", "com", "org", "net", "gov", "ac", "edu", "gouv", "asso"})
"""Second parts of suffixes such as .co.uk."""
SHARED: Final = frozenset({"wordpress", "blogspot", "substack", "ghost", "tumblr", "medium"})
"""Hosts of many sites: the name is the part before."""
LEAST: Final = 3
ALIKE: Final = 6
"""Letters in common from the start that make a likeness, where neither holds the other."""


def plain(text: str) -> str:
    """Letters and digits alone, without accents, in lower case."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", letters.lower())


def owner_of(url: str) -> str:
    """The part of a host that names its owner: `www.crete.co.uk` → `crete`."""
    labels = host_of(url).split(".")[:-1]
    labels = [label for label in labels if label not in SECOND]
    shared = len(labels) > 1 and labels[-1] in SHARED
    return labels[-2 if shared else -1] if labels else ""


def names_of(url: str, *stated: str | None) -> frozenset[str]:
    """What the site is called: by its host, its path on a shared host, and its own statements."""
    parts = urlsplit(url)
    found = {owner_of(url), *(text or "" for text in stated)}
    if any((parts.hostname or "").endswith(host) for host in HOSTING):
        found.add(parts.path.strip("/").partition("/")[0])
    return frozenset(name for text in found if len(name := plain(text)) >= LEAST)


def resembles(account: str, names: Iterable[str]) -> bool:
    """Whether the account's name holds one of these, is held by it, or starts as it does."""
    handle = plain(bare(account).partition(".")[0]) or plain(bare(account))
    if len(handle) < LEAST:
        return False
    return any(name in handle or handle in name or handle[:ALIKE] == name[:ALIKE] for name in names)
