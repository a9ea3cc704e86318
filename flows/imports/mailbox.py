"""Letters in a folder of a mailbox, read over TLS without marking anything as read."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from crawlers.imports.letters import MAX_LETTER
from flows.words.problems import FellShort, Unusable

PORT: Final = 993
TIMEOUT_S: Final = 60
MAX_LETTERS: Final = 10_000
SIZE: Final = re.compile(rb"RFC822\.SIZE (\d{1,12})")
SCHEME: Final = "imap://"


def letters_in(address: str, password: str | None) -> list[bytes]:
    """Every message of an IMAP folder, in its order, as sent.

    Args:
        address: `imap://user@host[:port]/folder`; signs such as `@` in the user's name escaped
            (`veille%40crete.example`) or not.
        password: of the user.

    Raises:
        Unusable: no such address, or no password.
        FellShort: the server refuses, or the connection breaks.
    """
    host, port, user, folder = _parts(address)
    if not password:
        raise Unusable("{address}: set VIGIE_IMAP_PASSWORD to the mailbox's password",
                       address=address)  # fmt: skip
    try:
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT_S)
        with server:
            server.login(user, password)
            return list(_messages(server, folder, address))
    except (imaplib.IMAP4.error, OSError) as error:
        raise FellShort(
            "{address}: the mail server says: {problem}", address=address, problem=error
        ) from None


def _parts(address: str) -> tuple[str, int, str, str]:
    """Host, port, user and folder of an address; INBOX where it names none."""
    rest = address.removeprefix(SCHEME)
    user, at, where = rest.partition("/")[0].rpartition("@")
    parts = urlsplit(f"//{where}")
    try:
        port = parts.port or PORT
    except ValueError:
        port = 0
    if not (at and user and parts.hostname and port) or ":" in user:
        raise Unusable("{address}: write it as imap://user@host/folder", address=address)
    return parts.hostname, port, unquote(user), unquote(rest.partition("/")[2]) or "INBOX"


def _messages(server: imaplib.IMAP4, folder: str, address: str) -> Iterator[bytes]:
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    state, _ = server.select(quoted, readonly=True)
    if state != "OK":
        raise Unusable("{address}: the mailbox has no such folder", address=address)
    _, found = server.uid("SEARCH", "ALL")
    numbers = (found[0] or b"").split()
    if len(numbers) > MAX_LETTERS:
        raise Unusable(
            "{address}: {count} letters are more than {most}; move those to import to a "
            "folder of their own", address=address, count=len(numbers), most=MAX_LETTERS,
        )  # fmt: skip
    for number in numbers:
        uid = number.decode("ascii", "replace")
        _, sizes = server.uid("FETCH", uid, "(RFC822.SIZE)")
        match = SIZE.search(b" ".join(part for part in sizes if isinstance(part, bytes)))
        if match is None or int(match[1]) > MAX_LETTER:
            yield b""  # counts as a letter that can't be read
            continue
        _, parts = server.uid("FETCH", uid, "(BODY.PEEK[])")
        yield next((part[1] for part in parts if isinstance(part, tuple)), b"")
