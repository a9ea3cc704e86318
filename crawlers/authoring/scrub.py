"""Pages without what must not be kept: secrets, addresses of people, strangers' names. Pure.

Documents stay as they were served but for the texts that go: JSON is changed string by string,
HTML and XML in their texts, their attributes and the JSON that they embed, never in their names
of tags and keys. Scrubbing twice is scrubbing once.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from typing import Final

from crawlers.authoring import strangers

ENCODING: Final = "utf-8"
REMOVED: Final = "removed"
TELLTALE: Final = (
    r"(?:(?:access|refresh|auth|id|api|app|user|page|csrf|xsrf|guest|bearer|session|client|"
    r"authenticity|verification|wp|rest|lsd|fb)[_-]?)*"
    r"(?:token|secret|session(?:[_-]?id)?|csrf|xsrf|nonce|cookies?|authorization|password|passwd|"
    r"apikey|api[_-]?key|signature|sessid|phpsessid|credentials?)(?:[_-]?(?:token|value))?"
)
QUERY: Final = re.compile(
    rf"(?<=[?&;])((?:amp;)?(?:{TELLTALE}|key|sig|sign|hash|x-amz-[a-z-]+|x-expires|x-signature)"
    r"=)([^&#\s\"'<>\\;]+)",
    re.IGNORECASE,
)
KEYED: Final = re.compile(rf'("(?:{TELLTALE})"\s*:\s*")((?:[^"\\\r\n]|\\.)+)(?=")', re.IGNORECASE)
NUMBERED: Final = re.compile(rf'("(?:{TELLTALE})"\s*:\s*)([1-9][0-9]*)\b(?!\.)', re.IGNORECASE)
FIELD: Final = re.compile(
    rf"(<(?:input|meta)\b(?=[^<>]*\b(?:name|id|property)=[\"']?_?(?:{TELLTALE})[\"'\s>])"
    r"[^<>]*?\b(?:value|content)=[\"'])([^\"'<>]+)",
    re.IGNORECASE,
)
COOKIE: Final = re.compile(r"(\bdocument\.cookie\s*=\s*[\"'])([^\"'\r\n]+)", re.IGNORECASE)
JWT: Final = re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")
BEARER: Final = re.compile(r"(\bBearer\s+)((?!removed\b)[\w.~+/%-]{16,}=*)", re.IGNORECASE)
MAIL: Final = re.compile(
    r"\b[\w.+%-]{1,64}@(?!removed\.example)(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}\b(?![\w/-])",
    re.IGNORECASE,
)
IP: Final = re.compile(
    r"(?<![\w./+-])(?!192\.0\.2\.1\b)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}"
    r"(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.-])"
)
IP6: Final = re.compile(
    r"(?<![\w:.])(?!2001:db8::1\b)(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b", re.IGNORECASE
)
PHONE: Final = re.compile(
    r"(?<![\w/.=+-])(?!\+33 1 99 00 00 00)"
    r"(?:\+[1-9](?:[ .-]?\(?\d{1,4}\)?){3,6}|0[1-9](?:[ .-]\d{2}){4})(?![\w-])"
)

KINDS: Final[tuple[tuple[str, re.Pattern[str], str], ...]] = (
    ("token", QUERY, rf"\g<1>{REMOVED}"),
    ("token", KEYED, rf"\g<1>{REMOVED}"),
    ("token", NUMBERED, r"\g<1>0"),
    ("token", FIELD, rf"\g<1>{REMOVED}"),
    ("cookie", COOKIE, rf"\g<1>{REMOVED}"),
    ("token", JWT, REMOVED),
    ("token", BEARER, rf"\g<1>{REMOVED}"),
    ("e-mail", MAIL, "somebody@removed.example"),
    ("IP address", IP, "192.0.2.1"),
    ("IP address", IP6, "2001:db8::1"),
    ("phone", PHONE, "+33 1 99 00 00 00"),
)
"""What is taken out → its pattern, and what stands there instead: nothing that is found again."""


def scrub(body: bytes, own: Collection[str] = ()) -> tuple[bytes, dict[str, int]]:
    """The page without secrets and strangers, and how many of each kind went.

    `own` are the names of the recorded account, which stay. Bytes that are no UTF-8 stay as
    they are.
    """
    text = body.decode(ENCODING, "surrogateescape")
    counts: Counter[str] = Counter()
    for kind, pattern, instead in KINDS:
        text = pattern.sub(_counting(kind, instead, counts), text)
    text, changed = strangers.renamed(text, own)
    counts["name"] += changed
    kept = {kind: number for kind, number in sorted(counts.items()) if number}
    return text.encode(ENCODING, "surrogateescape"), kept


def _counting(kind: str, instead: str, counts: Counter[str]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        new = match.expand(instead)
        counts[kind] += new != match[0]
        return new

    return replace
