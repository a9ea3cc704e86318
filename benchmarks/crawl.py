"""CPU seconds per post of a whole crawl, beside a stock Scrapy spider and a floor.

A loopback server (its own process) serves JSON feed pages of 100 posts in Bluesky's wire format.
Three crawlers read the same pages, interleaved, each run in a process of its own:

- vigie: `python -m crawlers crawl`: fetch, archive, parse, contracts, tables in a fresh lake;
- scrapy: a stock spider with default settings, one item a post, FEEDS export to JSON lines;
- floor: raw asyncio sockets, msgspec, one Parquet file; no archive, no contract, no ledger.

What is counted is CPU seconds of the process and its children (getrusage), less those of the same
crawl over a single page (start-up). Medians. The last line is one JSON object.

    .venv/bin/python benchmarks/crawl.py [--pages 600] [--runs 3]
"""

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from feed_server import POSTS_PER_PAGE, serve

ROOT = Path(__file__).resolve().parents[1]
SIDES = ("vigie", "scrapy", "floor")


def first_url(base: str) -> str:
    """The first page of the feed."""
    return f"{base}/xrpc/app.bsky.feed.getAuthorFeed?actor=bench.example&limit=100"


def stock_scrapy(base: str, folder: str) -> None:
    """What a good tutorial would write."""
    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess

    class Feed(Spider):
        name = "feed"
        start_urls = (first_url(base),)

        def parse(self, response: Any) -> Any:
            document = json.loads(response.text)
            for entry in document["feed"]:
                post = entry["post"]
                yield {
                    "uri": post["uri"],
                    "author": post["author"]["handle"],
                    "text": post["record"]["text"],
                    "language": post["record"]["langs"][0],
                    "published_at": post["record"]["createdAt"],
                    "likes": post["likeCount"],
                    "comments": post["replyCount"],
                    "shares": post["repostCount"] + post["quoteCount"],
                }
            if cursor := document.get("cursor"):
                yield response.follow(f"{first_url(base)}&cursor={cursor}")

    process = AsyncCrawlerProcess({"FEEDS": {f"{folder}/posts.jsonl": {"format": "jsonlines"}}})
    process.crawl(Feed)
    process.start()


class Record(msgspec.Struct):
    """What the floor reads of a post's record."""

    text: str
    createdAt: datetime  # noqa: N815 - the wire's name


class Post(msgspec.Struct):
    """What the floor reads of a post."""

    uri: str
    record: Record
    likeCount: int  # noqa: N815 - the wire's name
    replyCount: int  # noqa: N815 - the wire's name
    repostCount: int  # noqa: N815 - the wire's name


class Entry(msgspec.Struct):
    """One entry of the feed."""

    post: Post


class Feed(msgspec.Struct):
    """One page of the feed."""

    feed: list[Entry]
    cursor: str | None = None


async def fetch_all(base: str) -> list[Post]:
    """Every post, over one raw connection."""
    decoder = msgspec.json.Decoder(Feed)
    parts = urlsplit(base)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    posts: list[Post] = []
    cursor: str | None = ""
    path = urlsplit(first_url(base))
    while cursor is not None:
        target = f"{path.path}?{path.query}" + (f"&cursor={cursor}" if cursor else "")
        writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        document = decoder.decode(await reader.readexactly(length))
        posts += [entry.post for entry in document.feed]
        cursor = document.cursor
    writer.close()
    return posts


def floor(base: str, folder: str) -> None:
    """The least that reads, decodes and stores these posts."""
    import polars as pl

    posts = asyncio.run(fetch_all(base))
    columns = {
        "uri": [post.uri for post in posts],
        "text": [post.record.text for post in posts],
        "published_at": [round(post.record.createdAt.timestamp() * 1e6) for post in posts],
        "likes": [post.likeCount for post in posts],
        "comments": [post.replyCount for post in posts],
        "shares": [post.repostCount for post in posts],
    }
    pl.DataFrame(columns).write_parquet(f"{folder}/posts.parquet", compression="zstd")


def vigie_plan(base: str, folder: str) -> bytes:
    """The whole product path, on one channel."""
    channel = {
        "channel_id": "bluesky:bench.example",
        "entity_id": "bench",
        "platform": "bluesky",
        "account": "bench.example",
        "url": "https://bsky.app/profile/bench.example",
        "base_url": base,
    }
    plan = {
        "run_id": "bench",
        "lake": f"{folder}/lake",
        "started_at": "2026-03-01T12:00:00Z",
        "channels": [channel],
        "history_days": 3650,
        "allow_private_networks": True,
        "delay_s": 0,
    }
    return json.dumps(plan).encode()


def command(side: str, base: str, folder: str) -> tuple[list[str], bytes]:
    """What is run for one side, and what it reads from standard input."""
    if side == "vigie":
        return ["-m", "crawlers", "crawl", "--plan", "-"], vigie_plan(base, folder)
    return [__file__, "--side", side, "--base", base, "--folder", folder], b""


def rows_of(side: str, folder: str) -> int:
    """How many posts a run stored."""
    if side == "scrapy":
        return sum(1 for _ in Path(folder, "posts.jsonl").open())
    import polars as pl

    if side == "floor":
        return pl.scan_parquet(f"{folder}/posts.parquet").select(pl.len()).collect().item()
    from data.store import Store

    return Store(f"{folder}/lake").scan("posts").select(pl.len()).collect().item()


def measure(side: str, base: str, posts: int, scratch: str) -> float:
    """CPU seconds of one run, start-up included."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        arguments, text = command(side, base, folder)
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = f"{scratch}/pycache"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, *arguments],
            input=text,
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if (stored := rows_of(side, folder)) != posts:
            raise SystemExit(f"{side}: {stored} posts stored instead of {posts}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(pages: int, runs: int) -> dict[str, Any]:
    """Microseconds of CPU per post of each side, and the ratios."""
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", str(pages)], stdout=subprocess.PIPE
    )
    assert server.stdout is not None
    base = f"http://127.0.0.1:{int(server.stdout.readline())}"
    posts = pages * POSTS_PER_PAGE
    spent: dict[str, list[float]] = {side: [] for side in SIDES}
    idle: dict[str, list[float]] = {side: [] for side in SIDES}
    try:
        with tempfile.TemporaryDirectory() as scratch:
            for side in SIDES:
                measure(side, f"{base}/one", POSTS_PER_PAGE, scratch)
            for run in range(runs):
                for side in SIDES:
                    idle[side].append(measure(side, f"{base}/one", POSTS_PER_PAGE, scratch))
                    spent[side].append(measure(side, base, posts, scratch))
                    print(f"run {run + 1} {side}: {spent[side][-1]:.2f} s", file=sys.stderr)
    finally:
        server.terminate()
        server.wait()
    counted = posts - POSTS_PER_PAGE
    per_post = {
        side: 1e6 * (statistics.median(spent[side]) - statistics.median(idle[side])) / counted
        for side in SIDES
    }
    return {
        "times_fewer_than_scrapy": round(per_post["scrapy"] / per_post["vigie"], 2),
        "times_floor": round(per_post["vigie"] / per_post["floor"], 2),
        **{f"{side}_us_per_post": round(per_post[side], 2) for side in SIDES},
        **{f"{side}_start_s": round(statistics.median(idle[side]), 2) for side in SIDES},
        "posts": posts,
        "runs": runs,
    }


def main() -> None:
    """Measure, or be one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=600, help="pages of 100 posts")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--base", help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.serve))
    elif options.side:
        {"scrapy": stock_scrapy, "floor": floor}[options.side](options.base, options.folder)
    else:
        print(json.dumps(compare(options.pages, options.runs)))


if __name__ == "__main__":
    main()
