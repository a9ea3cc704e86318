"""Sending through Apprise: to one address at a time, and never a word about the address.

Apprise writes addresses into its log, passwords and all; its log stays shut.
"""

import importlib.util
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from flows.serving.digest import Message
from flows.words.problems import Unusable

if TYPE_CHECKING:
    from apprise import Apprise

LOGGER: Final = "apprise"


def require() -> None:
    """Find that notifications can be sent at all.

    Raises:
        Unusable: the library is not installed.
    """
    if importlib.util.find_spec("apprise") is None:
        raise Unusable("notifications need an extra: pip install 'vigie[notify]'")


def kind_of(address: SecretStr) -> str:
    """The part of an address that may be shown: `mailto`, `slack`."""
    return address.get_secret_value().partition(":")[0].lower()


def is_understood(address: SecretStr) -> bool:
    """Whether Apprise knows how to send there."""
    return _to(address) is not None


def send(address: SecretStr, message: Message, attached: Path | None = None) -> bool:
    """Send a plain-text message; whether the service took it. May block for some seconds."""
    from apprise import NotifyFormat

    there = _to(address)
    if there is None:
        return False
    return bool(
        there.notify(
            title=message.title,
            body=message.body,
            body_format=NotifyFormat.TEXT,
            attach=None if attached is None else str(attached),
            interpret_escapes=False,
        )
    )


def _to(address: SecretStr) -> "Apprise | None":
    from apprise import Apprise, AppriseAsset

    logging.getLogger(LOGGER).disabled = True
    asset = AppriseAsset(
        app_id="Vigie", app_desc="Vigie", app_url="", image_url_mask="", image_url_logo="",
        secure_logging=True, async_mode=False, interpret_emojis=False,
    )  # fmt: skip
    there = Apprise(asset=asset)
    return there if there.add(address.get_secret_value()) else None
