"""`vigie import --as newsletter` as its user meets it."""

import pytest
from typer.testing import CliRunner

from data.settings import settings
from flows.cli import app
from flows.imports import mailbox
from flows.looking import show
from flows.words import messages
from tests.crawlers.imports.test_letters import LETTER, READER
from tests.flows.lakes import everything, held, same
from tests.flows.mailserver import Mailserver


@pytest.fixture(autouse=True)
def _forget_language():
    yield
    messages._chosen.clear()


def test_a_newsletter_is_a_post_of_its_sender(bring, store):
    bring(LETTER, "--as", "newsletter", "--yes", name="a.eml", entity="Crête & Co")
    (post,) = held(store, "posts").iter_rows(named=True)
    assert post["channel_id"] == "newsletter:bonjour@crete.example"
    assert (post["format"], post["first_seen_at"]) == ("newsletter", post["published_at"])
    page = show.page(store, post["page_id"])
    assert b"La tente" in page.body
    assert page.url == "mailto:bonjour@crete.example"
    stored = str([table.rows() for table in everything(store).values()]).lower()
    assert READER.lower() not in stored
    before = everything(store)
    again = bring(LETTER, "--as", "newsletter", "--yes", name="a.eml", entity="Crête & Co")
    assert "nothing changed" in again.stdout
    assert same(before, everything(store))


PRIVATE = (
    b"From: sacha@ami.example\nTo: a@b.example\nDate: Mon, 2 Feb 2026 07:00:00 +0100\n\nCiao\n"
)


def test_private_letters_of_a_folder_are_named_and_not_taken(bring, store):
    folder = b"From x\n" + LETTER + b"\nFrom x\n" + PRIVATE
    done = bring(folder, "--as", "newsletter", "--yes", "--skip-bad", name="m.mbox", expect=1)
    assert "line 2: may be a private letter" in done.stderr
    assert held(store, "posts")["channel_id"].to_list() == ["newsletter:bonjour@crete.example"]
    only = ("--channel", "newsletter:sacha@ami.example")
    bring(folder, "--as", "newsletter", "--yes", *only, name="m.mbox")
    assert held(store, "posts").height == 2


@pytest.fixture
def mailserver(monkeypatch):
    with Mailserver({b"Veille": [LETTER]}, password="l'hiver") as server:
        monkeypatch.setattr(mailbox.imaplib, "IMAP4_SSL", server.client)
        yield server


def fetched(store, address, *options):
    arguments = ["import", address, "--as", "newsletter", "--entity", "Crête", "--yes"]
    return CliRunner().invoke(app, [*arguments, "--lake", store.root, "--lang", "en", *options])


def test_a_folder_of_a_mailbox(store, mailserver, monkeypatch):
    monkeypatch.setenv("VIGIE_IMAP_PASSWORD", "l'hiver")
    settings.cache_clear()
    done = fetched(store, f"imap://veille@alpine.example@127.0.0.1:{mailserver.port}/Veille")
    assert done.exit_code == 0, done.output
    assert held(store, "posts")["title"].to_list() == ["[recipient], nos offres d'hiver"]
    assert mailserver.said[1].startswith(b'LOGIN veille@alpine.example "l\'hiver"')
    assert any(b"EXAMINE" in line for line in mailserver.said)  # read-only
    stored = str([table.rows() for table in everything(store).values()])
    assert "veille@alpine" not in stored
    assert "l'hiver" not in stored


@pytest.mark.parametrize(
    ("folder", "password", "problem", "code"),
    [
        ("Rien", "l'hiver", "has no such folder", 2),
        ("Veille", "wrong", "the mail server says", 1),
        ("Veille", None, "set VIGIE_IMAP_PASSWORD", 2),
    ],
)
def test_a_mailbox_that_refuses(store, mailserver, monkeypatch, folder, password, problem, code):
    if password:
        monkeypatch.setenv("VIGIE_IMAP_PASSWORD", password)
    settings.cache_clear()
    done = fetched(store, f"imap://veille@127.0.0.1:{mailserver.port}/{folder}")
    assert (done.exit_code, problem in done.stderr) == (code, True), done.output
    assert str(password) not in done.output


@pytest.mark.parametrize("address", ["imap://host/a", "imap://u:p@host/a", "imap://u@host:x/a"])
def test_an_address_of_no_mailbox(store, address):
    done = fetched(store, address)
    assert done.exit_code == 2
    assert "write it as imap://user@host/folder" in done.stderr
