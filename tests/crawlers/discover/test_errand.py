"""The errand as a process answers it: what it prints, its exit codes, what a page may be."""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler

import pytest

from crawlers import __main__
from crawlers.discover.errand import load
from crawlers.plan import PlanError
from tests.crawlers.hostile import serving

FOOTER = '<footer><a href="https://x.com/crete">X</a></footer>'
PAGES = {
    "/drawn": f"<!DOCTYPE html><html><body><script>draw()</script>{FOOTER}</body></html>",
    "/empty": "<!DOCTYPE html><html><body><script>draw()</script></body></html>",
    "/login": f"<!DOCTYPE html><html><title>Log in</title><body>{FOOTER}</body></html>",
}


class Brand(BaseHTTPRequestHandler):
    def do_GET(self):
        self.asked.append(self.path)
        body = PAGES.get(self.path, "").encode()
        status = 302 if self.path == "/moved" else 200 if body else 404
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/drawn")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_pages_drawn_by_scripts_count_for_what_they_show():
    with serving(Brand) as (base, _):
        urls = [f"{base}/{path}" for path in ("drawn", "empty", "login", "moved")]
        errand = {"urls": urls, "allow_private_networks": True, "delay_s": 0}
        done = subprocess.run(
            [sys.executable, "-m", "crawlers", "discover", "--plan", "-"],
            input=json.dumps(errand).encode(), capture_output=True, check=False,
        )  # fmt: skip
    drawn, empty, login, moved = json.loads(done.stdout)
    assert done.returncode == 1
    assert [one["account"] for one in drawn["channels"]] == ["crete"]
    assert drawn["problems"] == []
    assert "empty_shell" in empty["problems"][0]
    assert "login_wall" in login["problems"][0]
    assert login["channels"] == []
    assert (moved["url"], moved["channels"]) == (urls[3], drawn["channels"])


@pytest.mark.parametrize("text", [b"{", b"{}", b'{"urls": ["https://a.example"], "colour": 1}'])
def test_an_unusable_errand_is_named(text, tmp_path, capsys):
    with pytest.raises(PlanError, match="can't be read"):
        load(text)
    file = tmp_path / "errand.json"
    file.write_bytes(text)
    assert __main__.main(["discover", "--plan", str(file)]) == 2
    assert "can't be read" in capsys.readouterr().err
