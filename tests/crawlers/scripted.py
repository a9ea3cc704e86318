"""A small platform for tests, and ways to drive a crawl without a network or as a process."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import ClassVar

import msgspec

from crawlers import registry
from crawlers.plan import Plan, PlanChannel
from crawlers.platform import Blocked, Fetch, ParseError, Platform
from crawlers.run import Run
from crawlers.visit import Answer
from data.records import Comment, Metrics, Post, Profile

ROOT = Path(__file__).parents[2]
RUNNER = "import sys; from tests.crawlers.scripted import main; sys.exit(main(sys.argv[1:]))"
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Scripted(Platform):
    """Accounts are host names; a list is JSON with `posts` and maybe `next`."""

    name = "scripted"
    title = "Scripted"
    docs = "https://scripted.example/docs"
    accounts = re.compile(r"https://(?P<account>[a-z0-9]+)\.example/$")
    examples = ("https://ok.example/",)
    access = "api"
    confidence = "solid"
    delay_s = 0.0
    floor: ClassVar[Mapping[str, float]] = {"likes": 0.05}
    complete_lists = True

    def start(self, account):
        yield Fetch(f"https://{account}.example/list.json")

    def refresh(self, account, posts):
        for native_id, url in posts:
            yield Fetch(url, kind="one", context={"post": native_id})

    def parse(self, page):
        body = page.body
        if rendered := re.search(rb'<pre id="posts">(\{.*?)</pre>', body):
            body = rendered[1]
        elif body.startswith(b"<"):
            raise Blocked("login_wall")
        try:
            document = json.loads(body)
        except ValueError as error:
            raise ParseError("", "no JSON") from error
        if "name" in document:
            yield Profile(name=document["name"], followers=document.get("followers"))
        for number, entry in enumerate(document.get("posts", [])):
            yield from self._post(entry, f"posts[{number}]", page)
        if "next" in document:
            base = page.url.rpartition("/")[0]
            yield Fetch(f"{base}/{document['next']}", more=True)
        for path in document.get("details", []):
            yield Fetch(f"https://{page.account}.example/{path}", context={"post": path})

    def _post(self, entry, path, page):
        if not isinstance(entry.get("at"), str):
            raise ParseError(f"{path}.at", "no time")
        yield Post(
            native_id=entry["id"],
            url=f"https://{page.account}.example/{entry['id']}",
            published_at=datetime.fromisoformat(entry["at"]),
            published_within_s=entry.get("within", 0),
            format="text",
            text=entry.get("text"),
            is_repost=entry.get("repost", False),
        )
        if not entry.get("repost"):
            yield Metrics(native_id=entry["id"], likes=entry.get("likes"))
        for number, text in enumerate(entry.get("said", [])):
            yield Comment(
                native_id=f"{entry['id']}-{number}",
                post_native_id=entry["id"],
                published_at=datetime.fromisoformat(entry["at"]),
                author_key=page.author_key("someone"),
                from_channel=False,
                text=text,
            )


def register():
    """Make the test platform known in this process."""
    registry.platforms()["scripted"] = Scripted()


def channel(account, **more):
    url = f"https://{account}.example/"
    return PlanChannel(f"scripted:{account}", account, "scripted", account, url, **more)


def plan(store_root, accounts=("shop",), *, run_id="run", at=NOON, **more):
    channels = tuple(one if isinstance(one, PlanChannel) else channel(one) for one in accounts)
    given = {"frozen_clock": True, "delay_s": 0.0, **more}
    return Plan(run_id=run_id, lake=str(store_root), started_at=at, channels=channels, **given)


class Site:
    """A network in memory: public address → document, status or exception."""

    def __init__(self, pages=None):
        self.pages = dict(pages or {})
        self.asked = []
        self.paused = []
        self.clock = None

    async def ask(self, fetch, headers, *, browser):
        self.asked.append((fetch.url, dict(headers), browser))
        found = self.pages.get(fetch.url, 404)
        if isinstance(found, list):
            found = found.pop(0)
        if isinstance(found, Exception):
            raise found
        if isinstance(found, Answer):
            return found
        if isinstance(found, int):
            return Answer(fetch.url, found, b"")
        return Answer(fetch.url, 200, json.dumps(found).encode(), "application/json")

    def pause(self, fetch, seconds):
        self.paused.append((fetch.url, seconds))

    def now(self):
        self.clock += timedelta(microseconds=1)
        return self.clock

    @property
    def urls(self):
        return [url for url, _, _ in self.asked]


def crawl(given, site):
    """Carry out a plan against a Site, as the spider would; the summary."""
    site.asked.clear()
    site.clock = given.started_at
    run = Run(given)

    async def visits():
        for visit in run.visits:
            if not visit.reasons:
                await visit.run(site, run.recorder)
            visit.finished = True

    asyncio.run(visits())
    return run.close()


TOLD_EARLY = "told early"


def told_early():
    """Tell this process to end before Scrapy's engine runs."""
    from crawlers import spider

    class Told(spider.VigieSpider):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            os.kill(os.getpid(), signal.SIGTERM)

    spider.VigieSpider = Told


def start(given, *settings):
    """The real command as a process of its own.

    `settings` are NAME=value of crawlers.settings, or module.NAME=value of another of its modules,
    or TOLD_EARLY.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", RUNNER, *settings],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(msgspec.json.encode(given))
    process.stdin.close()
    process.stdin = None
    return process


def main(arguments):
    """What the process runs: the command, with the test platform known."""
    from crawlers import __main__

    register()
    for argument in arguments:
        if argument == TOLD_EARLY:
            told_early()
            continue
        told, _, value = argument.partition("=")
        module, _, name = told.rpartition(".")
        setattr(import_module(f"crawlers.{module or 'settings'}"), name, float(value))
    return __main__.main(["crawl", "--plan", "-"])
