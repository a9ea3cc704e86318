"""Which server is one of ours to use."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flows.processes.prefect_env import answers

SIGN_IN = "lea:geheim"


@pytest.fixture
def server():
    """A Prefect server that lets in one user only."""

    class Asks(BaseHTTPRequestHandler):
        def do_GET(self):
            wanted = f"Basic {base64.b64encode(SIGN_IN.encode()).decode()}"
            is_known = self.headers.get("authorization") == wanted
            self.send_response(200 if is_known else 401)
            self.end_headers()
            self.wfile.write(b'"3.8.8"' if is_known else b"")

        def log_message(self, *_):
            return

    with HTTPServer(("127.0.0.1", 0), Asks) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/api"
        listening.shutdown()


def test_a_server_that_asks_who_we_are_is_told(server, monkeypatch):
    assert not answers(server)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", SIGN_IN)
    assert answers(server)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "lea:falsch")
    assert not answers(server)
