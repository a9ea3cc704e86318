"""`vigie dashboard`: the app, on this machine only, or for a team that signs in."""

import importlib.util
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from flows.commands.common import existing
from flows.processes.children import Child
from flows.words import console
from flows.words.options import Lake, Lang
from flows.words.problems import FellShort

EXAMPLE = "Example: vigie dashboard --port 8501"
PORT: Final = 8501
ADDRESS: Final = "127.0.0.1"
STARTUP_S: Final = 60.0
FLAGS: Final = {
    "server.headless": "true",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "client.showErrorDetails": "none",
}

Port = Annotated[int, typer.Option(help="Where it answers; another one where it is taken.")]


def dashboard(
    lake: Lake = None, port: Port = PORT,
    watchlist: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The watchlist to edit; else that of the last run."),
    ] = None,
    address: Annotated[
        str, typer.Option(metavar="IP", help="Where it listens; 0.0.0.0 is everywhere.")
    ] = ADDRESS,
    without_sign_in: Annotated[
        bool,
        typer.Option("--without-sign-in", help="Let in whoever reaches it, from other machines."),
    ] = False,
    lang: Lang = None,
) -> None:  # fmt: skip
    """Open the dashboard and print its address; Ctrl-C ends it."""
    from data.settings import settings
    from flows.serving import sign_in

    sign_in.check(settings(), address, without=without_sign_in)
    if watchlist is not None:
        os.environ["VIGIE_WATCHLIST"] = str(watchlist.resolve())
    serve(existing(lake).root, port, lang, address)


def serve(lake: str, port: int = PORT, lang: str | None = None, address: str = ADDRESS) -> None:
    """Run the app on a lake until Ctrl-C or its end; its address is printed once it answers.

    Raises:
        FellShort: it ended, or did not come up in time.
        Unusable: the settings of the sign-in are incomplete.
    """
    from data.settings import settings
    from flows.processes.prefect_env import free_port
    from flows.serving import sign_in

    told = settings()
    sign_in.check(told, ADDRESS, without=True)
    port = free_port(port)
    flags: dict[str, object] = {
        **FLAGS, "server.port": port, "server.address": address,
        "browser.serverAddress": sign_in.host(told) if told.signs_in else "localhost",
    }  # fmt: skip
    env = {"VIGIE_LAKE": lake, **({"VIGIE_LANG": lang} if lang else {})}
    try:
        with sign_in.secrets_file(told) as secrets:
            if secrets is not None:
                flags["secrets.files"] = secrets
            with Child(_command(flags), env=env, stdout=subprocess.DEVNULL) as child:
                here = f"http://{_answering(address)}:{port}"
                _wait(child, here)
                console.result(here)
                sys.stdout.flush()
                if code := child.wait():
                    raise FellShort("the dashboard ended with code {code}", code=code)
    except KeyboardInterrupt:
        return  # the way to end it


def _answering(address: str) -> str:
    """Where what listens on an address can be asked: what listens everywhere, on this machine."""
    if address in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return ADDRESS
    return f"[{address}]" if ":" in address else address


def _command(flags: Mapping[str, object]) -> list[str]:
    """Streamlit on the app.

    Raises:
        FellShort: the app is not installed.
    """
    app = importlib.util.find_spec("dashboard.app")
    if app is None or app.origin is None:
        raise FellShort("the dashboard is not installed")
    command = [sys.executable, "-P", "-m", "streamlit", "run", app.origin]
    return [*command, *(f"--{name}={value}" for name, value in flags.items())]


def _wait(child: Child, address: str) -> None:
    ends = time.monotonic() + STARTUP_S
    while not _answers(address):
        if child.leash.poll() is not None or time.monotonic() > ends:
            raise FellShort("the dashboard did not start")
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:  # noqa: S310
            return bool(answer.status == 200)  # noqa: PLR2004
    except (OSError, urllib.error.URLError):
        return False
