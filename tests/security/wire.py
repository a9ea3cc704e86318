"""A server that misbehaves below and above HTTP: sockets, headers, encodings, documents."""

import json
import socket
import struct
import time
from functools import cache

import pyarrow as pa

from tests.crawlers.hostile import MEGABYTE, Hostile, well_behaved

DRIP_S = 0.2
DEEP = 10_000
LAUGHS = 12
DTD = '<!DOCTYPE rss [<!ENTITY a "ha">{more}]>'
FEED = (
    '<?xml version="1.0"?>{dtd}<rss version="2.0"><channel><title>t</title><link>https://x.example'
    "</link><item><guid>1</guid><title>{title}</title><link>https://x.example/1</link>"
    "<pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item></channel></rss>"
)


@cache
def zstd_bomb():
    return bytes(pa.Codec("zstd").compress(bytes(64 * MEGABYTE)))


class Wire(Hostile):
    """The first part of a path names the manner, as in Hostile."""

    def robots(self, manner):
        if manner == "longrobots":
            self.say(b"User-agent: *\nDisallow: /x\n" * (2 * MEGABYTE), "text/plain")
        else:
            super().robots(manner)

    def raw(self, *parts):
        for part in parts:
            self.wfile.write(part)
        self.close_connection = True

    def be_drip(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(30):
            time.sleep(DRIP_S)
            self.wfile.write(b" ")

    def be_dripheaders(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\n")
        for number in range(30):
            time.sleep(DRIP_S)
            self.wfile.write(f"X-{number}: x\r\n".encode())

    def be_zstdbomb(self, _):
        self.say(zstd_bomb(), Content_Encoding="zstd")

    def be_badgzip(self, _):
        self.say(b"\x1f\x8b\x08 this is no gzip", Content_Encoding="gzip")

    def be_short(self, _):
        self.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"posts": [')

    def be_negative(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}")

    def be_nohttp(self, _):
        self.raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

    def be_wrongtype(self, query):
        self.say(self.page(well_behaved(query)), "image/png")

    def be_badutf(self, _):
        self.say(b'{"posts": [{"id": "p\xff\xfe", "at": "2026-03-01T08:00:00Z"}]}')

    def be_deep(self, _):
        self.say(b'{"posts":' * DEEP + b"1" + b"}" * DEEP)

    def be_longline(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\n\r\n", b'{"posts": ["', *[b"x" * MEGABYTE] * 100)

    def be_storm(self, _):
        self.say(b"", status=503)

    def be_stormlater(self, _):
        self.say(b"", status=429, Retry_After="1")

    def be_reset(self, _):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        self.connection.close()

    def be_bigheader(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nX-Much: ", b"x" * MEGABYTE, b"\r\n\r\n{}")

    def be_bigcookie(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=", b"x" * MEGABYTE, b"\r\n\r\n{}")

    def be_manyheaders(self, _):
        self.raw(b"HTTP/1.1 200 OK\r\n", *[b"Set-Cookie: a=b\r\n"] * 200_000, b"\r\n{}")

    def be_laughs(self, _):
        more = "".join(
            f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(LAUGHS)
        )
        self.feed(DTD.format(more=more), f"&{chr(97 + LAUGHS)};")

    def be_entity(self, _):
        self.feed(DTD.format(more='<!ENTITY x SYSTEM "file:///etc/passwd">'), "&x;")

    def be_parameter(self, _):
        host = self.headers["Host"]
        self.feed(DTD.format(more=f'<!ENTITY % p SYSTEM "http://{host}/stolen/x"> %p;'), "&a;")

    def feed(self, dtd, title):
        self.say(FEED.format(dtd=dtd, title=title).encode(), "application/rss+xml")

    # ── in the browser ────────────────────────────────────────────────────────────────────────

    def be_popups(self, _):
        self.scripted("for (let n = 0; n < 20; n++) { window.open('/ok/list.json'); alert(n); }")

    def be_leaving(self, _):
        self.scripted("window.onbeforeunload = () => 'stay'; print(); confirm('stay?');")

    def be_headless(self, _):
        wall = b"<html><body>" + b"<p>are you a human?</p>" * 3 + b"</body></html>"
        self.say(
            b"<script>if (navigator.webdriver) document.body = null</script>" + wall, "text/html"
        )

    def be_download(self, _):
        self.say(b"MZ" * 1000, "application/octet-stream", Content_Disposition="attachment")

    def scripted(self, script):
        posts = json.dumps(json.loads(self.page(well_behaved({}))))
        body = f'<html><body><pre id="posts">{posts}</pre><script>{script}</script></body></html>'
        self.say(body.encode(), "text/html; charset=utf-8")
