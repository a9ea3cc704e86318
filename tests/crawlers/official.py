"""Official APIs on loopback that demand a token, and repeat it wherever they can."""

import gzip
import json
from base64 import b64encode
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, quote, urlsplit

KEY = "canary-key/0123456789=="
TOKEN = "canary|token+0123456789"
USER = "17841400000000042"
CLIENT, SECRET = "canaryclient42", "canary-secret/0123456789"
ACCESS = "canary.access-0123456789"
SECRETS = {
    "VIGIE_YOUTUBE_API_KEY": KEY,
    "VIGIE_INSTAGRAM_TOKEN": TOKEN,
    "VIGIE_INSTAGRAM_USER_ID": USER,
    "VIGIE_REDDIT_CLIENT_ID": CLIENT,
    "VIGIE_REDDIT_CLIENT_SECRET": SECRET,
}
PAIR = b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
UPLOADS = "UUvigieexample0123456789"


def forms(secret):
    """How a server may write what it was sent."""
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], secret.replace("/", "\\/")}


OF_REDDIT = {PAIR, ACCESS}
"""What only Reddit ever sees: it repeats the headers that hold it."""
CANARIES = {form for secret in (*SECRETS.values(), *OF_REDDIT) for form in forms(secret)}


def video(video_id):
    return {
        "id": video_id,
        "snippet": {"publishedAt": "2026-03-18T08:00:00Z", "title": "Bivouac"},
        "contentDetails": {"duration": "PT5M"},
        "statistics": {"viewCount": "10", "likeCount": "2", "commentCount": "0"},
    }


class Officials(BaseHTTPRequestHandler):
    """`/youtube`, `/instagram` and `/reddit`, each at the top of a path."""

    protocol_version = "HTTP/1.1"
    asked: list

    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        self.asked.append((parts.path, dict(self.headers)))
        _, api, rest = parts.path.split("/", 2)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        getattr(self, api)(rest, query)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, dict(self.headers)))
        right = self.headers["Authorization"] == f"Basic {PAIR}"
        assert body == b"grant_type=client_credentials"
        self.say({"access_token": ACCESS, "expires_in": 86400} if right else {}, 200)

    def say(self, document, status=200, **headers):
        """An answer that repeats the whole request, zipped as real ones are."""
        document = {
            "echo": [[name, value] for name, value in self.headers.items()], "path": self.path,
            "all": sorted(CANARIES - OF_REDDIT), **document,
        }  # fmt: skip
        coding = "gzip" if "gzip" in self.headers["Accept-Encoding"] else "identity"
        body = json.dumps(document).encode()
        body = gzip.compress(body) if coding == "gzip" else body
        self.send_response(status)
        for name, value in {
            "Content-Type": f"application/json; key={KEY}", "Content-Encoding": coding,
            "Content-Length": str(len(body)), "ETag": f'"{KEY}"', "Last-Modified": KEY, **headers,
        }.items():  # fmt: skip
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def refuse(self, manner):
        """Misbehave in the way that an account is called after."""
        if manner == "drop":
            self.close_connection = True
            self.connection.close()
        elif manner == "away":
            self.say({}, 302, Location=f"https://elsewhere.example/?key={quote(KEY, safe='')}")
        else:
            message = f"Refused: {KEY} {TOKEN} {self.headers.get('Authorization')}"
            error = {"code": int(manner[1:]), "message": message, "errors": [{"reason": "odd"}]}
            self.say({"error": error}, int(manner[1:]), Retry_After="500")

    def youtube(self, path, query):
        if self.headers.get("X-Goog-Api-Key") != KEY:
            return self.say({"error": {"code": 403, "message": "unregistered"}}, 403)
        method = path.rpartition("/")[2]
        handle = query.get("forHandle", "")
        if method == "channels" and handle != "@leagrimpe":
            return self.refuse(handle[1:])
        answers = {
            "channels": {
                "snippet": {"title": "Léa Grimpe", "publishedAt": "2019-04-02T09:00:00Z"},
                "contentDetails": {"relatedPlaylists": {"uploads": UPLOADS}},
            },
            "playlistItems": {"contentDetails": {"videoId": "vid-0000001"}},
            "videos": video("vid-0000001"),
        }
        kinds = {"channels": "channel", "playlistItems": "playlistItem", "videos": "video"}
        kind = f"youtube#{kinds[method]}ListResponse"
        return self.say({"kind": kind, "items": [answers[method]]})

    def instagram(self, path, query):
        right = self.headers.get("Authorization") == f"Bearer {TOKEN}"
        if not right or path != f"v24.0/{USER}":
            return self.say({"error": {"code": 190, "message": f"bad {path}"}}, 400)
        if "username(maisonalpine)" not in query["fields"]:
            return self.refuse("e401" if "username(e401)" in query["fields"] else "e403")
        post = {
            "permalink": "https://www.instagram.com/p/DAbCdEfGhIj/", "media_type": "IMAGE",
            "timestamp": "2026-03-18T08:00:00+0000", "like_count": 4, "comments_count": 1,
            "caption": f"our token is {TOKEN}",
        }  # fmt: skip
        return self.say({"business_discovery": {"name": "Maison", "media": {"data": [post]}}})

    def reddit(self, path, query):
        if self.headers.get("Authorization") != f"Bearer {ACCESS}":
            return self.say({"message": "Unauthorized", "error": 401}, 401)
        name = path.split("/")[1]
        if name != "bivouac":
            return self.refuse(name)
        if path.endswith("about"):
            return self.say({"kind": "t5", "data": {"title": "Bivouac", "subscribers": 7}})
        post = {
            "id": "1aa001", "title": "Trois nuits", "permalink": "/r/bivouac/comments/1aa001/x/",
            "created_utc": 1773820800.0, "score": 5, "num_comments": 0, "num_crossposts": 0,
            "is_self": True, "selftext": "",
        }  # fmt: skip
        children = [{"kind": "t3", "data": post}]
        return self.say({"kind": "Listing", "data": {"children": children, "after": None}})
