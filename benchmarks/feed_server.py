"""The loopback server of the crawl's benchmark: a feed of 100 posts a page in Bluesky's form."""

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

POSTS_PER_PAGE = 100
DID = "did:plc:benchbenchbenchbenchbenc"
NEWEST = datetime(2026, 3, 1, tzinfo=UTC)
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
