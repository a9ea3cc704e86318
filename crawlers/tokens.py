"""The user's tokens: added where a request leaves, taken out of whatever comes back.

No Fetch, page, log line or reason ever holds one: a platform only says which settings its official
API wants and where they go (crawlers/platform.py, Official).
"""

import asyncio
import html
import re
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Final
from urllib.parse import quote, quote_plus, urlsplit

import msgspec
from msgspec import Struct, structs
from pydantic import SecretStr

from crawlers.guard import RefusedError
from crawlers.platform import REASONS, Official
from crawlers.visit import Answer
from data.settings import settings

MASK: Final = b"[token]"
SHORTEST: Final = 6
"""A shorter secret would be found by chance in any page; none is issued that short."""
SOONER_S: Final = 60.0
"""An access token is renewed this long before it ends."""
HOUR_S: Final = 3600.0
CLIENT_ERRORS: Final = range(400, 500)
TOO_MANY: Final = 429
GRANT: Final = b"grant_type=client_credentials"

Post = Callable[[str, Mapping[str, str], bytes], Awaitable[tuple[int, bytes]]]
"""Sends address, headers and body; gives status and body."""


class Access(Struct):
    """What an exchange gives (RFC 6749, section 5.1)."""

    access_token: str
    expires_in: float = HOUR_S


class Keyring:
    """The tokens of this process, and the access tokens that were got for them.

    Args:
        held: what holds the settings as SecretStr: data.settings.Settings.
        clock: seconds, to know when an access token has ended.
    """

    def __init__(self, held: object, clock: Callable[[], float] = time.monotonic) -> None:
        self._held = held
        self._clock = clock
        self._access: dict[str, tuple[str, float]] = {}
        self._exchanging = asyncio.Lock()
        every = (value for value in vars(held).values() if isinstance(value, SecretStr))
        plain = (value.get_secret_value().strip() for value in every)
        self._secrets = {value for value in plain if len(value) >= SHORTEST}

    async def signed(self, url: str, official: Official, post: Post) -> tuple[str, dict[str, str]]:
        """The address as the API wants it, and the header that carries the token.

        Args:
            url: the public address; one that is not of the API gets no token.
            official: whose token.
            post: a way to the network, for APIs that exchange tokens.

        Raises:
            RefusedError: no token is given for these settings.
        """
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" != official.origin:
            return url, {}
        values = {name: self._value(name, official) for name in official.needs}
        if official.exchange:
            async with self._exchanging:
                values["access"] = await self._exchanged(official, values, post)
        for part, form in official.placed.items():
            quoted = {name: quote(value, safe="") for name, value in values.items()}
            url = url.replace(part, form.format_map(quoted), 1)
        name, form = official.header
        return url, {name: form.format_map(values)}

    def forget(self, official: Official) -> None:
        """Ask for another access token next time: this one was refused."""
        self._access.pop(official.origin, None)

    def cleaned(self, answer: Answer) -> Answer:
        """The answer of an API without any token that it repeats."""
        kind = answer.content_type
        return structs.replace(
            answer,
            body=self.clean(answer.body),
            content_type=None if kind is None else self.clean(kind.encode()).decode(),
            etag=None,
            last_modified=None,
        )

    def clean(self, text: bytes) -> bytes:
        """Bytes without any token, however it is written in them."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            for form in _forms(secret):
                text = text.replace(form.encode(), MASK)
        return text

    def _value(self, name: str, official: Official) -> str:
        held = getattr(self._held, name)
        value = held.get_secret_value().strip() if isinstance(held, SecretStr) else ""
        if not (len(value) >= SHORTEST and value.isascii() and value.isprintable()):
            raise _refused(official, f"VIGIE_{name.upper()} is no token")
        return value

    async def _exchanged(self, official: Official, values: Mapping[str, str], post: Post) -> str:
        known, until = self._access.get(official.origin, ("", 0.0))
        if known and self._clock() < until:
            return known
        pair = b64encode(":".join(values[name] for name in official.needs).encode()).decode()
        self._secrets.add(pair)
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        status, body = await post(official.exchange or "", headers, GRANT)
        if status in CLIENT_ERRORS and status != TOO_MANY:
            raise _refused(official, f"{official.variables()}: refused with HTTP {status}")
        try:
            access = msgspec.json.decode(body, type=Access)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise RefusedError(f"no access token was given (HTTP {status})") from None
        self._secrets.add(access.access_token)
        until = self._clock() + max(access.expires_in - SOONER_S, 0.0)
        self._access[official.origin] = (access.access_token, until)
        return access.access_token


def _refused(official: Official, why: str) -> RefusedError:
    host = urlsplit(official.origin).netloc
    return RefusedError(f"needs_token: {REASONS['needs_token']} ({host}: {why})")


def _forms(secret: str) -> dict[str, None]:
    """How a text may write a secret: as it is, in an address, in JSON, in HTML."""
    escaped = re.sub(r"[^\w.-]", lambda sign: f"\\u{ord(sign[0]):04x}", secret)
    quoted = (quote(secret, safe=""), quote_plus(secret), quote(secret))
    return dict.fromkeys(
        (secret, *quoted, secret.replace("/", "\\/"), escaped, html.escape(secret))
    )


@cache
def keyring() -> Keyring:
    """The keyring of this process."""
    return Keyring(settings())
