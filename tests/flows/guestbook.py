"""A platform whose lists name their commenters, and lakes crawled from it without a network."""

import json
import re
from datetime import UTC, datetime
from typing import ClassVar

import polars as pl

from crawlers.plan import PlanChannel
from crawlers.platform import Fetch, Platform
from data.records import Comment, Metrics, Post
from tests.crawlers.scripted import Site, crawl, plan

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Guestbook(Platform):
    """Accounts are host names; a list is JSON with posts and what people said below.

    `talk` is of posts that the page itself does not show, as pages of comments are.
    """

    name = "guestbook"
    title = "Guestbook"
    docs = "https://guestbook.example/docs"
    accounts = re.compile(r"https://(?P<account>[a-z0-9]+)\.example/$")
    examples = ("https://ok.example/",)
    access = "api"
    confidence = "solid"
    delay_s = 0.0
    floor: ClassVar = {}

    def start(self, account):
        yield Fetch(f"https://{account}.example/list.json")

    def url_of(self, account):
        return f"https://{account}.example/"

    def parse(self, page):
        document = json.loads(page.body)
        for post in document.get("talk", []):
            yield Metrics(post["id"], likes=2)
            yield from self._said(post, page)
        for post in document["posts"]:
            at = datetime.fromisoformat(post["at"])
            url = f"https://{page.account}.example/{post['id']}"
            yield Post(post["id"], url, at, "text", text=post["text"])
            yield Metrics(post["id"], likes=1)
            yield from self._said(post, page)

    def _said(self, post, page):
        for said in post["said"]:
            who = said["author"]
            yield Comment(
                said["id"], post["id"], datetime.fromisoformat(post["at"]),
                page.author_key(who["id"], who["handle"]),
                from_channel=False, text=said["text"], in_reply_to=said.get("above"),
            )  # fmt: skip


def said(number, handle, text, above=None):
    return {
        "id": f"c{number}", "author": {"id": f"uid-{handle}-77", "handle": handle},
        "text": text, "url": f"https://people.example/@{handle}", "above": above,
    }  # fmt: skip


def post(number, *comments, day=18, text="Bivouac"):
    at = f"2026-03-{day:02d}T08:00:00+00:00"
    return {"id": f"p{number}", "at": at, "text": text, "said": list(comments)}


def visit(store, account, *posts, at=NOON, run_id="run", talk=()):
    channel = PlanChannel(
        f"guestbook:{account}", account, "guestbook", account, f"https://{account}.example/"
    )
    shown = {"posts": list(posts), "talk": list(talk)}
    site = Site({f"https://{account}.example/list.json": shown})
    for table, row in (
        ("entities", {"entity_id": account, "name": f"House {account}", "role": "brand"}),
        ("channels", {name: getattr(channel, name) for name in
                      ("channel_id", "entity_id", "platform", "account", "url")}),
    ):  # fmt: skip
        store.merge(table, pl.DataFrame([row]))
    return crawl(plan(store.root, [channel], run_id=run_id, at=at), site)
