"""Pieces of work that are to be killed: what `vigie` runs, without its start-up."""

from datetime import timedelta
from pathlib import Path

from data.store import Store
from tests.crawlers.scripted import NOON, channel, plan

WORKS = ("crawl", "build", "replay", "import", "forget")
ACCOUNTS = ("ok", "patient", "third")
FIGURES = """\
date;impressions;reach;clicks
01/03/2026;100;80;3
13/03/2026;110;90;4
"""


def told(lake, base, step):
    """The plan of a small crawl."""
    channels = [channel(name, base_url=f"{base}/{name}") for name in ACCOUNTS]
    return plan(
        lake, channels, run_id=f"run-{step:05d}", at=NOON + timedelta(days=step),
        allow_private_networks=True, frozen_clock=True,
    )  # fmt: skip


def work(name, lake, base, step):
    """One piece of work, to its end; a step simulates a day."""
    store = Store(lake)
    if name == "crawl":
        from crawlers.__main__ import crawl

        crawl(told(lake, base, step))
    elif name == "build":
        from flows.build import build_lake

        build_lake(store, NOON + timedelta(days=step), "UTC", full=True)
    elif name == "replay":
        from crawlers.replay import replay

        replay(store)
    elif name == "import":
        from typer.testing import CliRunner

        from flows.cli import app

        file = Path(lake).with_name("figures.csv")
        file.write_text(FIGURES, encoding="utf-8")
        options = [
            "import",
            str(file),
            "--as",
            "insights",
            "--entity",
            "ok",
            "--yes",
            "--lake",
            lake,
        ]
        done = CliRunner().invoke(app, options)
        assert done.exit_code in {0, 1}, done.output
    else:
        from flows.erasing.forget import carry_out, channel_job

        carry_out(store, channel_job(store, "scripted:third"))
