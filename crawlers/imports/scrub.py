"""Letters without their recipient: addresses, names, unsubscribe links and tokens taken out.

A newsletter is written to one person: its links tell who clicked and let anybody who holds them
unsubscribe that person. All of it goes before anything is kept.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

ADDRESS: Final = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
LINK: Final = re.compile(r"https?://[^\s\"'<>\\^`{|}]+", re.IGNORECASE)
MAILTO: Final = re.compile(r"mailto:[^\s\"'<>]+", re.IGNORECASE)
LEAVING: Final = re.compile(
    r"unsub|opt-?out|d[eé]sabon|d[eé]sinscri|desinscription|preference|se-?d[eé]sabonner|"
    r"list-manage|subscription|abonnement|forward|profile_update",
    re.IGNORECASE,
)
REDIRECTS: Final = re.compile(
    r"(?:click|clicks|clic|lnk|links?|trk|track|tracking|t|r|e|em|email|go|mail|mailing|mktg?|"
    r"open|news|newsletter|nl|res|url[0-9]*|u[0-9]+|ct|sg)[0-9]*$",
    re.IGNORECASE,
)
"""First labels of hosts that only count clicks; what stands behind is a token."""
TRACKING: Final = re.compile(
    r"utm_|mc_|mkt_|hsa_|_hs|oly_|pk_|mtm_|ml_|vero_|wt_|at_|xtor$|(?:gcl|fbcl|dcl|msclk|yclk)|"
    r"(?:cid|eid|uid|sid|rid|mid|nlid|token|key|hash|sig|signature|email|mail|e|u|id|s|t|"
    r"subscriber|recipient|contact|user|ref|source|campaign|trk|elq\w*|spm|igshid|si)$",
    re.IGNORECASE,
)
TARGETS: Final = ("url", "u", "redirect", "redirect_url", "target", "to", "q", "link", "dest")
WORDS: Final = re.compile(r"[^A-Za-z0-9]+")
LONG_WORD: Final = 16
LONGEST_WORD: Final = 28
OPAQUE: Final = 40
SHORTEST_NAME: Final = 3
TAGS: Final = r"(?:<[^<>]{0,200}>){0,2}"
RECIPIENT: Final = "[recipient]"
GREETING: Final = (
    r"\b(bonjour|bonsoir|salut|coucou|cher|chère|chers|hello|hi|hey|dear|welcome|bienvenue)"
)


@lru_cache(maxsize=4096)
def clean(link: str) -> str:
    """A link without what follows its reader; empty where nothing else is left.

    Redirects that carry their target give the target; those that hide it give nothing.
    """
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    query = parse_qsl(parts.query, keep_blank_values=True)
    for name, value in query:
        if name.lower() in TARGETS and value.lower().startswith(("http://", "https://")):
            return clean(value)
    segments = parts.path.split("/")
    if LEAVING.search(unquote(link)) or not host or "@" in parts.netloc:
        return ""
    if REDIRECTS.match(host.partition(".")[0]) or any(map(is_token, segments)):
        return ""
    kept = [
        (name, value)
        for name, value in query
        if not (TRACKING.match(name) or is_token(value) or "@" in value)
    ]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def is_token(text: str) -> bool:
    """Whether a part of an address is no word or number but a key that names somebody."""
    plain = unquote(text)
    if "@" in plain or "=" in plain or len(plain) > OPAQUE * 5:
        return True
    longest = max(WORDS.split(plain), key=len)
    if len(longest) >= LONGEST_WORD or (len(plain) >= OPAQUE and "-" not in plain):
        return True
    mixed = any(c.isdigit() for c in longest) and any(c.isalpha() for c in longest)
    return len(longest) >= LONG_WORD and (mixed or not (longest.islower() or longest.istitle()))


class Scrubber:
    """Takes one letter's recipients out of its texts."""

    def __init__(self, addresses: Iterable[str], names: Iterable[str]) -> None:
        found = {address.strip().lower() for address in addresses if "@" in address}
        needles = sorted({form for one in found for form in _forms(one)}, key=len, reverse=True)
        self._needles = re.compile("|".join(map(_written, needles)) or r"(?!)", re.IGNORECASE)
        words = sorted({word for name in names for word in _called(name)}, key=len, reverse=True)
        called = "|".join(map(re.escape, words)) or r"(?!)"
        self._greeted = re.compile(
            rf"{GREETING}([\s,]{{1,20}}(?:<[^<>]{{0,200}}>\s{{0,20}}){{0,5}})(?:{called})\b",
            re.IGNORECASE,
        )
        self._called = re.compile(
            rf"(^|[>,]\s{{0,20}})(?:{called})(?=\s{{0,20}}[,!?])", re.IGNORECASE
        )

    def text(self, text: str) -> str:
        """Plain text, or a header, without the recipient and without links that follow them."""
        cleaned = LINK.sub(lambda match: _cleaned(match[0]), text)
        return self._bare(MAILTO.sub("", cleaned))

    def markup(self, markup: str) -> str:
        """HTML without them: also inside attributes, comments and styles."""
        cleaned = LINK.sub(lambda match: html.escape(_cleaned(html.unescape(match[0]))), markup)
        return self._bare(MAILTO.sub("", cleaned))

    def _bare(self, text: str) -> str:
        bare = self._greeted.sub(rf"\1\2{RECIPIENT}", self._needles.sub(RECIPIENT, text))
        return self._called.sub(rf"\1{RECIPIENT}", bare)


def _cleaned(link: str) -> str:
    tail = link[len(link.rstrip(".,;:!?)]")) :]
    return clean(link.removesuffix(tail)) + tail


def _called(name: str) -> set[str]:
    """A recipient's name and its parts, as a greeting may use them."""
    if "@" in name:
        return set()
    return {part for part in (name.strip(), *name.split()) if len(part) >= SHORTEST_NAME}


def _written(needle: str) -> str:
    """A pattern of a needle however HTML or an address escapes its signs, and through tags."""
    return "".join(
        re.escape(sign)
        if sign.isalnum()
        else rf"{TAGS}(?:{re.escape(sign)}|{_escapes(ord(sign))}){TAGS}"
        for sign in needle
    )


def _escapes(code: int) -> str:
    return rf"&#0*{code};|&#x0*{code:x};|%{code:02x}"


def _forms(address: str) -> set[str]:
    """An address as links and pixels hide it: escaped, in base64, in hex, as a digest."""
    raw = address.encode()
    coded = base64.b64encode(raw).decode().rstrip("=")
    digests = {hashlib.new(kind, raw, usedforsecurity=False).hexdigest() for kind in HASHES}
    return {
        address, address.replace("@", "="), quote(quote(address, safe=""), safe=""),
        coded, coded.replace("+", "-").replace("/", "_"), raw.hex(), *digests,
    }  # fmt: skip


HASHES: Final = ("md5", "sha1", "sha256")
