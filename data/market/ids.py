"""Identifiers in each platform's own form, derived from stable words: never random."""

import base64
import hashlib
import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from typing import Final

BASE32: Final = str.maketrans("0189", "wxyz")
TID_LETTERS: Final = "234567abcdefghijklmnopqrstuvwxyz"


def digest(*parts: object) -> bytes:
    """20 stable bytes for the parts."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=20).digest()


def number(*parts: object) -> int:
    """A stable 64-bit number for the parts."""
    return int.from_bytes(digest(*parts)[:8])


def _letters(data: bytes) -> str:
    """Hexadecimal in the letters of base 32, which has no 0, 1, 8 or 9."""
    return data.hex().translate(BASE32)


@lru_cache(maxsize=4096)
def did(handle: str) -> str:
    """A decentralised identifier as `did:plc` makes them: 24 letters."""
    return "did:plc:" + _letters(digest("did", handle))[:24]


@lru_cache(maxsize=65_536)
def cid(*parts: object) -> str:
    """A content identifier (CIDv1, dag-cbor) in form, not in fact."""
    return "bafyrei" + _letters(digest("cid", *parts) + digest("more", *parts))[:52]


def tid(at: datetime, clock: int = 0) -> str:
    """A record key: microseconds and clock id in sortable base 32 (atproto's TID)."""
    value = int(at.timestamp() * 1_000_000) << 10 | (clock & 1023)
    return "".join(TID_LETTERS[value >> shift & 31] for shift in range(60, -1, -5))


def snowflake(at: datetime, salt: int = 0) -> str:
    """A Mastodon status id: milliseconds and 16 more bits."""
    return str(int(at.timestamp() * 1000) << 16 | (salt & 0xFFFF))


def video_id(*parts: object) -> str:
    """A YouTube video id: 11 letters of base 64."""
    return base64.urlsafe_b64encode(digest("video", *parts)).decode()[:11]


def youtube_channel(handle: str) -> str:
    """A YouTube channel id: UC and 22 letters."""
    return "UC" + base64.urlsafe_b64encode(digest("channel", handle)).decode()[:22]


def slug(title: str) -> str:
    """The title as an address part."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
