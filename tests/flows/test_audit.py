"""`vigie audit` as its user meets it; what the report says is held by tests/dashboard/report."""

import pytest
from typer.testing import CliRunner

from dashboard import i18n
from dashboard.report import make
from data.store import Store
from flows.cli import app
from flows.commands import audit, run
from flows.words import messages
from tests.flows.lakes import WATCHLIST, covered, fill


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()
    i18n.use("en")


@pytest.fixture
def watchlist(tmp_path):
    file = tmp_path / "watchlist.yaml"
    file.write_text(WATCHLIST, encoding="utf-8")
    return file


@pytest.fixture
def lake(tmp_path):
    root = tmp_path / "lake"
    fill(Store(root))
    return root


@pytest.fixture
def vigie(watchlist, lake):
    def invoked(out, *more, expect=0, file=watchlist):
        arguments = ["audit", file, "-o", out, "--lake", lake, "--lang", "en", *more]
        done = CliRunner().invoke(app, list(map(str, arguments)))
        assert done.exit_code == expect, (done.output, done.exception)
        return done

    return invoked


@pytest.fixture
def no_crawl(monkeypatch):
    """Fails the test where anything is crawled."""

    def crawled(*_, **__):
        raise AssertionError("this must not crawl")

    monkeypatch.setattr(run, "carry_out", crawled)


def test_help_has_an_example_and_names_the_four_kinds():
    shown = CliRunner().invoke(app, ["audit", "--help"]).stdout
    assert "Example: vigie audit" in shown
    for word in (*audit.SUFFIXES, "--lang", "--lake", "--no-crawl", "--period"):
        assert word in shown


@pytest.mark.parametrize("suffix", [".html", ".xlsx"])
def test_without_a_crawl_it_reports_from_the_lake_as_it_stands(vigie, no_crawl, tmp_path, suffix):
    out = tmp_path / f"audit{suffix}"
    out.write_bytes(b"old")
    vigie(out, "--no-crawl", "--period", "365d")
    body = out.read_bytes()
    assert body.startswith(b"<!DOCTYPE html>" if suffix == ".html" else b"PK")
    assert sorted(one.name for one in tmp_path.iterdir()) == [out.name, "lake", "watchlist.yaml"]


def test_the_report_speaks_the_language_asked_for(vigie, no_crawl, tmp_path):
    out = tmp_path / "AUDIT.HTML"
    vigie(out, "--no-crawl", "--lang", "fr")
    body = out.read_text(encoding="utf-8")
    assert '<html lang="fr">' in body
    assert "Audit concurrentiel" in body
    assert "Outdoor" in body


@pytest.mark.parametrize(
    ("out", "more", "part"),
    [
        ("audit.doc", (), "end its name in one of .pdf, .html, .pptx, .xlsx"),
        ("audit", (), "end its name in one of"),
        ("no/audit.pdf", (), "can't be written (No such file or directory)"),
        ("folder.pdf", (), "can't be written (Is a directory)"),
        ("audit.pdf", ("--period", "3d"), "write one of 7d, 28d, 90d, 365d"),
    ],
)
def test_what_can_not_be_written_is_said_before_anything_is_crawled(
    vigie, no_crawl, tmp_path, out, more, part
):
    (tmp_path / "folder.pdf").mkdir()
    done = vigie(tmp_path / out, *more, expect=2)
    assert part in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.glob(".*"))


def test_an_unusable_watchlist_or_lake_ends_before_the_crawl(vigie, no_crawl, tmp_path):
    done = vigie(tmp_path / "audit.pdf", expect=2, file=tmp_path / "no.yaml")
    assert "there is no such file" in done.stderr
    done = vigie(tmp_path / "audit.pdf", "--no-crawl", "--lake", tmp_path / "nowhere", expect=2)
    assert "there is no lake" in done.stderr
    assert not (tmp_path / "audit.pdf").exists()


def test_a_missing_library_is_named_with_its_cure(vigie, no_crawl, tmp_path, monkeypatch):
    monkeypatch.setattr(make, "missing", lambda _: ["pptx"])
    done = vigie(tmp_path / "audit.pptx", expect=2)
    assert ".pptx needs pptx: pip install 'vigie[report]'" in done.stderr


def test_after_a_crawl_that_fell_short_the_report_is_there_and_says_so(
    vigie, lake, tmp_path, monkeypatch
):
    from tests.data.rows import T0

    def crawled(watchlist, root, *, now):
        assert (watchlist.name, root, now) == ("watchlist.yaml", str(lake), None)
        covered(Store(root), "r2", T0, complete=False, reason="gone: 404")
        return "r2"

    monkeypatch.setattr(run, "carry_out", crawled)
    out = tmp_path / "audit.html"
    done = vigie(out, expect=1)
    assert "feed:crete: gone: 404" in done.stderr
    assert out.stat().st_size > 10_000


def test_a_failed_report_leaves_the_old_file(vigie, no_crawl, tmp_path, monkeypatch):
    from playwright.sync_api import Error

    def fails(report, file, suffix, browser):
        file.write_bytes(b"half")
        raise Error("no browser\nmore")

    monkeypatch.setattr(make, "write", fails)
    out = tmp_path / "audit.pdf"
    out.write_bytes(b"old")
    done = vigie(out, "--no-crawl", expect=1)
    assert "no browser printed the PDF (no browser); run `make setup`" in done.stderr
    assert out.read_bytes() == b"old"
    assert not list(tmp_path.glob(".*"))
