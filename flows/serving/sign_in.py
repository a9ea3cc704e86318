"""What Streamlit's login needs, from the settings to a file that nobody else can read."""

import json
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from data.settings import Settings
from flows.words.problems import Unusable

CALLBACK: Final = "/oauth2callback"
LEAST_SECRET: Final = 32
"""Characters of a cookie's secret."""
NEEDED: Final = {
    "oidc_metadata_url": "VIGIE_OIDC_METADATA_URL",
    "oidc_client_id": "VIGIE_OIDC_CLIENT_ID",
    "oidc_client_secret": "VIGIE_OIDC_CLIENT_SECRET",
}


def is_loopback(address: str) -> bool:
    """Whether only this machine reaches an address that is listened on."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def check(told: Settings, address: str, *, without: bool) -> None:
    """Find what would let in too many, or nobody.

    Raises:
        Unusable: the settings are incomplete, or the address is open to others without a sign-in.
    """
    if not told.signs_in:
        if not without and not is_loopback(address):
            raise Unusable(
                "--address {address}: others reach it, and nobody signs in; set VIGIE_OIDC_… "
                "(docs/serve.md), or add --without-sign-in", address=address,
            )  # fmt: skip
        return
    missing = [name for field, name in NEEDED.items() if not getattr(told, field)]
    if missing:
        raise Unusable("sign-in: {names} is missing", names=", ".join(missing))
    if not (told.allow or told.editors):
        raise Unusable("sign-in: say who may come in, in VIGIE_ALLOW (* for everybody)")
    if told.oidc_cookie_secret and len(told.oidc_cookie_secret.get_secret_value()) < LEAST_SECRET:
        raise Unusable("sign-in: VIGIE_OIDC_COOKIE_SECRET needs {least} characters or more",
                       least=LEAST_SECRET)  # fmt: skip
    if not _redirect(told).endswith(CALLBACK):
        raise Unusable("sign-in: VIGIE_OIDC_REDIRECT ends in {end}", end=CALLBACK)
    _require()


def _require() -> None:
    from importlib.util import find_spec

    if find_spec("authlib") is None:
        raise Unusable("sign-in needs an extra: pip install 'vigie[login]'")


def _redirect(told: Settings) -> str:
    return told.oidc_redirect or told.dashboard_url.rstrip("/") + CALLBACK


def host(told: Settings) -> str:
    """Name under which browsers reach the dashboard: sockets from elsewhere are refused."""
    return urlsplit(_redirect(told)).hostname or "localhost"


@contextmanager
def secrets_file(told: Settings) -> Iterator[Path | None]:
    """Streamlit's secrets, in a folder of ours that goes with the dashboard; None: no sign-in."""
    if not told.signs_in:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="vigie-sign-in-") as folder:  # made with mode 0700
        file = Path(folder) / "secrets.toml"
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as there:
            there.write(_toml(told))
        yield file


def _toml(told: Settings) -> str:
    cookie, secret = told.oidc_cookie_secret, told.oidc_client_secret
    values = {
        "redirect_uri": _redirect(told),
        "cookie_secret": cookie.get_secret_value() if cookie else secrets.token_urlsafe(48),
        "client_id": told.oidc_client_id,
        "client_secret": secret.get_secret_value() if secret else "",
        "server_metadata_url": told.oidc_metadata_url,
    }
    # A JSON string is a TOML string where nothing beyond ASCII is left unescaped.
    lines = [f"{name} = {_quoted(str(value))}" for name, value in values.items()]
    # Streamlit would ask for select_account, which not every provider knows.
    asked = f'client_kwargs = {{scope = {_quoted(told.oidc_scope)}, prompt = "login"}}'
    return "\n".join(["[auth]", *lines, asked, ""])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
