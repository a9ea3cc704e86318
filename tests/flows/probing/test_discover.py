"""`vigie discover` against sites on loopback, and the draft that it writes."""

from http.server import BaseHTTPRequestHandler

import pytest
from typer.testing import CliRunner

from crawlers.discover.findings import Elsewhere, Found, Site
from data.watchlist import parse
from flows import watched
from flows.cli import app
from flows.commands.discover import address
from flows.probing import drafted
from flows.words import messages
from flows.words.problems import Unusable
from tests.crawlers.hostile import serving

PAGES = {
    "/": (
        "<!DOCTYPE html><html><head><title>Crête | Bivouac</title>"
        '<link rel="alternate" type="application/rss+xml" href="/feed/"></head><body>'
        '<p>Du matériel de bivouac, cousu ici.</p><a href="/contact">Contact</a>'
        '<footer><a href="https://x.com/crete">X</a><a href="https://discord.gg/abc">D</a>'
        "</footer></body></html>"
    ),
    "/contact": (
        "<!DOCTYPE html><html><body><p>Écrivez-nous.</p><footer>"
        '<a href="https://www.instagram.com/crete">Instagram</a></footer></body></html>'
    ),
    "/secret/": "<!DOCTYPE html><html><body><p>Rien ici.</p></body></html>",
    "/data.json": "{}",
    "/robots.txt": "User-agent: *\nDisallow: /secret/\n",
}


class Brand(BaseHTTPRequestHandler):
    def do_GET(self):
        self.asked.append(self.path)
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def brand():
    with serving(Brand) as (base, asked):
        yield base, asked


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


def run(*arguments, expect=0):
    done = CliRunner().invoke(app, ["discover", *arguments, "--lang", "en"])
    assert done.exit_code == expect, (done.output, done.exception)
    return done


def test_a_home_page_becomes_a_draft_that_loads(brand, tmp_path):
    base, asked = brand
    file = tmp_path / "draft.yaml"
    run(f"{base}/", "-o", str(file), "--allow-private-networks")
    assert sorted(asked) == ["/", "/contact", "/robots.txt"]
    watchlist, channels = watched.read(file)
    assert watchlist.brand.name == "Crête"
    assert {(c.platform, c.account) for c in channels} == {
        ("feed", f"{base}/feed/"), ("x", "crete"), ("instagram", "crete"),
    }  # fmt: skip
    text = file.read_text(encoding="utf-8")
    assert '"https://x.com/crete"  # X (Twitter), 0.91: footer, name' in text
    assert "# no platform reads Discord: https://discord.gg/abc" in text
    run(f"{base}/", "-o", str(file), "--allow-private-networks", expect=2)


def test_only_as_many_pages_as_allowed(brand):
    base, asked = brand
    done = run(f"{base}/", "--max-pages", "1", "--allow-private-networks")
    assert "/contact" not in asked
    assert "instagram" not in done.stdout


def test_pages_that_cant_be_had_are_named(brand):
    base, asked = brand
    homes = [f"{base}/{path}" for path in ("", "secret/", "none", "data.json")]
    done = run(*homes, "--allow-private-networks", expect=1)
    assert f"not had: {base}/secret/: robots.txt forbids {base}/secret/" in done.stderr
    assert f"not had: {base}/none: HTTP 404" in done.stderr
    assert f"not had: {base}/data.json: not an HTML page" in done.stderr
    assert "/secret/" not in asked
    assert [one.name for one in parse(done.stdout).competitors] == [
        "127.0.0.1", f"127.0.0.1 ({base.removeprefix('http://')})",
        f"127.0.0.1 ({base.removeprefix('http://')}) 3",
    ]  # fmt: skip


def test_private_networks_are_asked_only_when_allowed(brand):
    base, asked = brand
    done = run(f"{base}/", expect=1)
    assert "private network: 127.0.0.1 is not asked" in done.stderr
    assert asked == []


@pytest.mark.parametrize("text", ["ftp://crete.example", "", "https://", "https:// crete.example"])
def test_what_is_no_home_page(text):
    with pytest.raises(Unusable, match="home page"):
        address(text)


def test_a_bare_host_is_asked_by_https():
    assert address("crete.example") == "https://crete.example"


def channel(platform, account, url):
    return Found(platform, account, url, 0.9, ("footer",))


def test_what_a_page_says_cant_leave_its_place_in_the_draft():
    evil = 'x"\nbrand: {name: y}\n# \x1b[2J: - &a *a'
    site = Site(
        "https://crete.example/", evil, (channel("x", "crete", "https://x.com/crete"),),
        (Elsewhere("Discord", f"https://discord.gg/{evil}"),), (f"https://a.example: {evil}",),
    )  # fmt: skip
    watchlist = parse(drafted.draft([site]))
    assert watchlist.brand.name == " ".join(evil.split())
    assert [one.url for one in watchlist.brand.channels] == [
        "https://x.com/crete", "https://crete.example/",
    ]  # fmt: skip


def test_channels_that_two_sites_name_stand_once():
    both = channel("x", "crete", "https://x.com/crete")
    press = channel("wordpress", "https://crete.example", "https://crete.example")
    feed = channel("feed", "https://crete.example/feed", "https://crete.example/feed")
    sites = [
        Site("https://crete.example/", "Crête", (both, press, feed)),
        Site("https://rival.example/", "Crête", (both,)),
    ]
    text = drafted.draft(sites)
    watchlist = parse(text)
    assert [one.platform or one.url for one in watchlist.brand.channels] == [
        "https://x.com/crete", "wordpress",
    ]  # fmt: skip
    assert '# - "https://crete.example/feed"  # ' in text
    (rival,) = watchlist.competitors
    assert rival.name == "Crête (rival.example)"
    assert [one.platform for one in rival.channels] == ["website"]
