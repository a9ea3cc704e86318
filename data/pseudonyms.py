"""Pseudonyms of commenters, and the key that makes them.

A pseudonym is a keyed hash: without the key, nobody can try names until one fits. The key lies in
the lake's folder in a file that only its owner may read; on S3, in the table `state`.

A rotation adds a fresh key to the ring: pseudonyms are hashed once more, under it. Stored rows
follow without anybody's name, later crawls come to the same pseudonyms, and whoever holds the old
key or an old export can't tell which old pseudonym became which new one.
"""

import contextlib
import hashlib
import os
import secrets
from pathlib import Path
from typing import Final

KEY_BYTES: Final = 32
FILE: Final = "pseudonyms.key"
LENGTH: Final = 24
"""Hex digits of a pseudonym."""


def pseudonym(name: str, ring: bytes) -> str:
    """The keyed hash of a name, in hex; `ring` is one key or several, oldest first."""
    found = _hashed(name, ring[:KEY_BYTES])
    return again(found, ring[KEY_BYTES:])


def again(found: str, newer: bytes) -> str:
    """A pseudonym under the keys that were added since it was made."""
    for first in range(0, len(newer), KEY_BYTES):
        found = _hashed(found, newer[first : first + KEY_BYTES])
    return found


def _hashed(text: str, key: bytes) -> str:
    return hashlib.blake2b(text.encode(), key=key, digest_size=LENGTH // 2).hexdigest()


def fresh_key() -> bytes:
    """A key that nobody has seen."""
    return secrets.token_bytes(KEY_BYTES)


def read(root: str) -> bytes | None:
    """The ring of keys of a lake's folder, a line each; None where none was made yet.

    Raises:
        ValueError: the file holds something else.
    """
    try:
        lines = (Path(root) / FILE).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    keys = [bytes.fromhex(line) for line in lines]
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(f"{FILE}: keys of another length")
    return b"".join(keys)


def is_damaged(root: str) -> bool:
    """Whether the file of the ring holds something else than keys."""
    try:
        read(root)
    except ValueError:
        return True
    return False


def keep(root: str, ring: bytes, *, first: bool = False) -> None:
    """Write the ring whole or not at all, for its owner's eyes only; `first` never overwrites."""
    folder = Path(root)
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{FILE}.{secrets.token_hex(4)}"
    keys = [ring[start : start + KEY_BYTES].hex() for start in range(0, len(ring), KEY_BYTES)]
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write("\n".join(keys) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if first:
            with contextlib.suppress(FileExistsError):  # another process was quicker: its key holds
                (folder / FILE).hardlink_to(partial)
        else:
            partial.replace(folder / FILE)
    finally:
        partial.unlink(missing_ok=True)
