"""`vigie dashboard`: the app, on this machine only."""

import importlib.util
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Annotated, Final

import typer

from flows import console
from flows.children import Child
from flows.commands.common import existing
from flows.options import Lake, Lang
from flows.problems import FellShort

EXAMPLE = "Example: vigie dashboard --port 8501"
PORT: Final = 8501
STARTUP_S: Final = 60.0
FLAGS: Final = {
    "server.headless": "true",
    "server.address": "127.0.0.1",
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "browser.serverAddress": "localhost",
    "client.showErrorDetails": "none",
}

Port = Annotated[int, typer.Option(help="Where it answers; another one where it is taken.")]


def dashboard(lake: Lake = None, port: Port = PORT, lang: Lang = None) -> None:
    """Open the dashboard and print its address; Ctrl-C ends it."""
    serve(existing(lake).root, port, lang)


def serve(lake: str, port: int = PORT, lang: str | None = None) -> None:
    """Run the app on a lake until Ctrl-C or its end; its address is printed once it answers.

    Raises:
        FellShort: it ended, or did not come up in time.
    """
    from flows.prefect_env import free_port

    port = free_port(port)
    app = importlib.util.find_spec("dashboard.app")
    if app is None or app.origin is None:
        raise FellShort("the dashboard is not installed")
    command = [sys.executable, "-P", "-m", "streamlit", "run", app.origin]
    command += [f"--{name}={value}" for name, value in {**FLAGS, "server.port": port}.items()]
    env = {"VIGIE_LAKE": lake, **({"VIGIE_LANG": lang} if lang else {})}
    try:
        with Child(command, env=env, stdout=subprocess.DEVNULL) as child:
            address = f"http://127.0.0.1:{port}"
            _wait(child, address)
            console.result(address)
            sys.stdout.flush()
            if code := child.leash.wait():
                raise FellShort("the dashboard ended with code {code}", code=code)
    except KeyboardInterrupt:
        return  # the way to end it


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
