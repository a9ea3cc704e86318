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
import random
import resource
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[1]
POSTS_PER_PAGE = 100
DID = "did:plc:benchbenchbenchbenchbenc"
NEWEST = datetime(2026, 3, 1, tzinfo=UTC)
SIDES = ("vigie", "scrapy", "floor")
TEXT = (
    "bivouac lac sommet crête sentier refuge matin brume nouvelle veste légère guide test avis "
    "trail weekend merci photo vallée neige départ équipe essai tente lampe carte GR20 été"
)


def feed_page(number: int, pages: int) -> bytes:
    """One page of the author's feed, newest first."""
    draw = random.Random(number)
    feed = []
    for index in range(POSTS_PER_PAGE):
        key = number * POSTS_PER_PAGE + index
        at = (NEWEST - timedelta(minutes=5 * key)).isoformat().replace("+00:00", "Z")
        feed.append({"post": _post(draw, key, at)})
    document: dict[str, Any] = {"feed": feed}
    if number + 1 < pages:
        document["cursor"] = str(number + 1)
    return json.dumps(document, ensure_ascii=False).encode()


def _post(draw: random.Random, key: int, at: str) -> dict[str, Any]:
    return {
        "uri": f"at://{DID}/app.bsky.feed.post/{key:013d}",
        "cid": f"bafyrei{key:052d}",
        "author": {
            "did": DID,
            "handle": "bench.example",
            "displayName": "Bench",
            "avatar": f"https://cdn.bench.example/img/avatar/{DID}@jpeg",
            "labels": [],
            "createdAt": "2023-04-24T12:00:00.000Z",
        },
        "record": {
            "$type": "app.bsky.feed.post",
            "createdAt": at,
            "langs": ["fr"],
            "text": " ".join(draw.choices(TEXT.split(), k=24)),
        },
        "likeCount": draw.randrange(500),
        "replyCount": 0,
        "repostCount": draw.randrange(50),
        "quoteCount": draw.randrange(9),
        "indexedAt": at,
        "labels": [],
    }


async def serve(pages: int) -> None:
    """Answer until killed; the port is printed first."""
    profile = json.dumps({"did": DID, "handle": "bench.example", "followersCount": 9}).encode()
    bodies = [feed_page(number, pages) for number in range(pages)]
    # A crawl of the first page alone measures start-up.
    alone = feed_page(0, 1)

    def body_of(target: str) -> bytes:
        parts = urlsplit(target)
        query = parse_qs(parts.query)
        if "getProfile" in parts.path:
            return profile
        if parts.path.startswith("/one/"):
            return alone
        return bodies[int(query.get("cursor", ["0"])[0])]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ", 2)[1].decode()
                found = "robots.txt" not in target
                body = body_of(target) if found else b""
                status = "200 OK" if found else "404 Not Found"
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


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


def floor(base: str, folder: str) -> None:
    """The least that reads, decodes and stores these posts."""
    import msgspec
    import polars as pl

    class Record(msgspec.Struct):
        text: str
        createdAt: datetime  # noqa: N815 - the wire's name

    class Post(msgspec.Struct):
        uri: str
        record: Record
        likeCount: int  # noqa: N815 - the wire's name
        replyCount: int  # noqa: N815 - the wire's name
        repostCount: int  # noqa: N815 - the wire's name

    class Entry(msgspec.Struct):
        post: Post

    class Feed(msgspec.Struct):
        feed: list[Entry]
        cursor: str | None = None

    decoder = msgspec.json.Decoder(Feed)
    parts = urlsplit(base)

    async def fetch_all() -> list[Post]:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        posts: list[Post] = []
        cursor: str | None = ""
        while cursor is not None:
            path = urlsplit(first_url(base))
            target = f"{path.path}?{path.query}" + (f"&cursor={cursor}" if cursor else "")
            writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            document = decoder.decode(await reader.readexactly(length))
            posts += [entry.post for entry in document.feed]
            cursor = document.cursor
        writer.close()
        return posts

    posts = asyncio.run(fetch_all())
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
