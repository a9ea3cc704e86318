"""Newsletters out of `.eml` files and mbox folders, each without its recipient."""

import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from hashlib import blake2b
from typing import Any, Final

from msgspec import Struct

from crawlers.fields import hashtags_of, is_web, links_of, once, text_of
from crawlers.formats.links import links_in
from crawlers.imports.problems import LetterError
from crawlers.imports.scrub import ADDRESS, LEAVING, Scrubber
from data.records import Post

MAX_LETTER: Final = 25_000_000
"""Mail providers carry no larger ones."""
SEPARATOR: Final = re.compile(rb"(?:\A|\r?\n\r?\n)From [^\r\n]{1,500}\r?\n")
ESCAPED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)
TO: Final = (
    "to", "cc", "bcc", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to",
    "x-delivered-to", "x-forwarded-to", "x-rcpt-to", "apparently-to", "resent-to",
)  # fmt: skip
MASS: Final = ("list-unsubscribe", "list-id", "feedback-id", "precedence")
FOR: Final = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)")
QUOTES: Final = re.compile(r"[\"\\]")
HIDDEN: Final = re.compile(r"[\u00ad\u034f\u200b-\u200f\u2060\ufeff]+")
"""Invisible signs that pad the preview line."""


class Letter(Struct, frozen=True):
    """A newsletter: who sent it, the post that it is, and the bytes to archive (scrubbed).

    `is_mass` is false where nothing says that it went to many: it may be a private letter.
    """

    sender: str
    post: Post
    body: bytes
    is_mass: bool


def split(body: bytes) -> list[bytes]:
    """The messages of an mbox folder, or the single one of an `.eml` file."""
    if not body.startswith(b"From "):
        return [body]
    starts = list(SEPARATOR.finditer(body))
    if not starts:
        return [body]
    ends = [*(start.start() for start in starts[1:]), len(body)]
    return [
        ESCAPED.sub(rb"\1", body[start.end() : end])
        for start, end in zip(starts, ends, strict=True)
    ]


def letter_of(message: bytes) -> Letter:
    """One newsletter, without anything that tells who received it.

    Two copies of it that different people received come to the same post.

    Raises:
        LetterError: no sender, date or text, or too large.
    """
    if len(message) > MAX_LETTER:
        raise LetterError("larger than {size} MB", size=MAX_LETTER // 10**6)
    parsed = BytesParser(policy=email.policy.default).parsebytes(message)
    sender = _address(_header(parsed, "from"))
    sent_at = _sent_at(parsed)
    scrubber = _scrubber(parsed, sender)
    markup, plain = _bodies(parsed)
    is_mass = any(parsed.get(name) for name in MASS) or bool(LEAVING.search(markup + plain))
    markup, plain = scrubber.markup(markup), scrubber.text(plain)
    text = scrubber.text(HIDDEN.sub("", text_of(markup) if markup else plain)).strip()
    if not text:
        raise LetterError("has no text")
    subject = scrubber.text(_header(parsed, "subject")).strip()
    found = links_in(markup, "") if markup else links_of(plain)
    native_id = _native_id(sender, subject, sent_at)
    post = Post(
        native_id=native_id,
        url=f"mailto:{sender}#{native_id}",
        published_at=sent_at,
        format="newsletter",
        title=subject or None,
        text=text,
        hashtags=hashtags_of(f"{subject}\n{text}"),
        links=once(link for link in found if is_web(link)),
    )
    name = scrubber.text(parseaddr(_header(parsed, "from"))[0])
    rebuilt = _rebuilt(name, sender, subject, sent_at, markup, plain)
    return Letter(sender, post, rebuilt, is_mass)


def _header(message: Any, name: str) -> str:
    """A header's text; the empty text where it is missing or broken beyond reading."""
    try:
        return " ".join(str(message.get(name) or "").split())
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def _address(value: str) -> str:
    address = parseaddr(value)[1].strip().lower()
    if not ADDRESS.fullmatch(address):
        raise LetterError("names no sender")
    return address


def _sent_at(message: Any) -> datetime:
    try:
        moment = message["date"].datetime
        known = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (AttributeError, ValueError, TypeError, IndexError, OverflowError):
        raise LetterError("has no date") from None
    return datetime.fromtimestamp(int(known.timestamp()), UTC)


def _scrubber(message: Any, sender: str) -> Scrubber:
    """Knows everybody that the message was sent to, by name and address."""
    headers = [value for name in TO for value in _all(message, name)]
    people = getaddresses(headers)
    routed = [found for value in _all(message, "received") for found in FOR.findall(value)]
    addresses = {address for _, address in people} | set(routed)
    return Scrubber(addresses - {sender, ""}, {name for name, _ in people})


def _all(message: Any, name: str) -> list[str]:
    try:
        return [str(value) for value in message.get_all(name) or ()]
    except (ValueError, IndexError, AttributeError, TypeError):
        return []


def _bodies(message: EmailMessage) -> tuple[str, str]:
    """The letter as HTML and as plain text, each empty where it has none."""
    found = {"html": "", "plain": ""}
    for part in message.walk():
        kind = part.get_content_subtype()
        shown = part.get_content_disposition() != "attachment"
        if part.get_content_maintype() == "text" and shown and not found.get(kind, "-"):
            found[kind] = _content(part)
    return found["html"], found["plain"]


def _content(part: Any) -> str:
    payload = part.get_payload(decode=True) or b""
    try:
        return str(payload.decode(part.get_content_charset() or "utf-8", "replace"))
    except LookupError:
        return str(payload.decode("utf-8", "replace"))


def _native_id(sender: str, subject: str, sent_at: datetime) -> str:
    """The same for everybody who received the letter: copies leave within a day."""
    said = f"{sender}\0{subject}\0{sent_at:%Y-%m-%d}"
    return blake2b(said.encode("utf-8", "replace"), digest_size=12).hexdigest()


def _rebuilt(
    name: str, sender: str, subject: str, sent_at: datetime, markup: str, plain: str
) -> bytes:
    """A message with nothing but sender, subject, date and text: all else may tell the reader."""
    made = EmailMessage(policy=email.policy.SMTPUTF8)
    made["From"] = f'"{QUOTES.sub("", name)}" <{sender}>' if name.isprintable() else sender
    made["Subject"] = "".join(sign for sign in subject if sign.isprintable())
    made["Date"] = sent_at
    for kind, text in (("plain", plain), ("html", markup)):
        safe = text.encode("utf-8", "replace").decode()
        if safe and kind == "html" and plain:
            made.add_alternative(safe, subtype=kind)
        elif safe:
            made.set_content(safe, subtype=kind)
    if made.is_multipart():
        made.set_boundary("letter")
    return made.as_bytes()


def letters(messages: list[bytes]) -> Iterator[tuple[int, Letter | LetterError]]:
    """Number (from 1) and letter of each message, or why it is none."""
    for number, message in enumerate(messages, 1):
        try:
            yield number, letter_of(message)
        except LetterError as error:
            yield number, error
