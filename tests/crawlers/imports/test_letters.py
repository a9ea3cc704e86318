import base64
import email
import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.imports.letters import MAX_LETTER, letter_of, letters, split
from crawlers.imports.problems import LetterError
from crawlers.imports.scrub import clean, is_token

READER = "camille.durand+veille@lecteur.example"
CODED = base64.b64encode(READER.encode()).decode().rstrip("=")
DIGEST = hashlib.md5(READER.encode()).hexdigest()
LETTER = f"""\
Return-Path: <bounce-9981-abc@crete.example>
Delivered-To: {READER}
Received: from mta.crete.example by mx.lecteur.example for <{READER}>; Mon, 2 Feb 2026 06:00:05
X-Subscriber: 99812233
Message-ID: <99812233.camille@crete.example>
List-Unsubscribe: <https://crete.example/unsub/99812233>, <mailto:leave-99812233@crete.example>
From: =?utf-8?q?Cr=C3=AAte_=26_Co?= <Bonjour@crete.example>
To: "Camille Durand" <{READER}>
Subject: Camille, nos offres d'hiver
Date: Mon, 2 Feb 2026 07:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Bonjour Camille,
https://crete.example/tente?utm_source=nl&taille=2
--x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<style>a {{color: red}}</style><p>Bonjour <b>Camille</b>, voici #hiver.</p>
<a href="https://crete.example/tente?utm_source=nl&amp;mc_eid=9f8e7d&amp;taille=2">La tente</a>
<a href="https://click.crete.example/f/a/9f8e7d6c5b4a39281706/x">Un lien suivi</a>
<a href="https://crete.example/r?url=https%3A%2F%2Fcrete.example%2Fsac%3Futm_id%3D1">Le sac</a>
<img src="https://crete.example/open/{DIGEST}.gif" width=1>
<i>camille.durand+veille<span>@</span>lecteur.example</i>
<!-- {READER} {CODED} {READER.encode().hex()} -->
<a href="https://crete.example/desabonnement?e={CODED}">Se désabonner</a>
<a href="mailto:leave-99812233@crete.example">ou par courriel</a>
Envoyé à {READER.replace("@", "&#64;")} ({READER})
--x--
""".encode()


def test_a_letter_is_a_post_of_its_sender():
    letter = letter_of(LETTER)
    post = letter.post
    assert letter.sender == "bonjour@crete.example"
    assert letter.is_mass
    assert post.format == "newsletter"
    assert post.published_at == datetime(2026, 2, 2, 6, tzinfo=UTC)
    assert post.title == "[recipient], nos offres d'hiver"
    assert post.text.startswith("Bonjour [recipient], voici #hiver.")
    assert post.links == ("https://crete.example/tente?taille=2", "https://crete.example/sac")
    assert post.hashtags == ("hiver",)


@pytest.mark.parametrize(
    "trace",
    [
        READER, READER.replace("@", "&#64;"), CODED, DIGEST, READER.encode().hex(), "99812233",
        "Durand", "Message-ID", "unsub", "leave-", "mc_eid", "9f8e7d6c5b4a39281706", "utm_",
        "Received", "Delivered-To", "desabonnement", "Camille",
        "lecteur.example",
    ],
)  # fmt: skip
def test_nothing_of_the_reader_is_archived(trace):
    letter = letter_of(LETTER)
    kept = email.message_from_bytes(letter.body)
    parts = [part.get_payload(decode=True) or b"" for part in kept.walk()]
    whole = letter.body + b"".join(parts) + str(letter.post).encode()
    assert trace.encode().lower() not in whole.lower()


def test_what_is_archived_is_the_letter_again():
    letter = letter_of(LETTER)
    again = letter_of(letter.body)
    assert again.post == letter.post
    assert again.body == letter.body


def test_copies_of_two_readers_are_one_post():
    other = LETTER.replace(READER.encode(), b"sacha@autre.example")
    other = other.replace(b"07:00:00", b"07:03:11")
    assert letter_of(other).post.native_id == letter_of(LETTER).post.native_id


def test_a_plain_letter_in_old_letters_of_the_alphabet():
    body = (
        b"From: a@crete.example\nDate: Mon, 2 Feb 2026 07:00:00 +0100\nSubject: Ete\n"
        b"Content-Type: text/plain; charset=unknown-8\n\nL'\xe9t\xe9 https://crete.example/a\n"
    )
    letter = letter_of(body)
    assert letter.post.text.endswith("https://crete.example/a")
    assert letter.post.links == ("https://crete.example/a",)
    assert not letter.is_mass


@pytest.mark.parametrize(
    ("cut", "problem"),
    [
        (b"From: =?utf-8?q?Cr=C3=AAte_=26_Co?= <Bonjour@crete.example>\n", "names no sender"),
        (b"Date: Mon, 2 Feb 2026 07:00:00 +0100\n", "has no date"),
    ],
)
def test_what_is_no_letter_is_said(cut, problem):
    with pytest.raises(LetterError, match=problem):
        letter_of(LETTER.replace(cut, b""))
    with pytest.raises(LetterError, match="has no text"):
        letter_of(LETTER.partition(b"\n\n")[0].replace(b"multipart/alternative", b"image/png"))
    with pytest.raises(LetterError, match="larger than 25 MB"):
        letter_of(LETTER + b"x" * MAX_LETTER)


def test_an_mbox_folder_holds_several():
    second = LETTER.replace(b"nos offres", b"encore").replace(b"--x--", b">From here\n--x--")
    folder = b"From a@b Mon Feb  2\n" + LETTER + b"\nFrom a@b Tue Feb  3\n" + second
    messages = split(folder)
    found = dict(letters([*messages, b"nothing"]))
    assert [type(letter).__name__ for letter in found.values()] == ["Letter"] * 2 + ["LetterError"]
    assert "From here" in found[2].post.text
    assert split(LETTER) == [LETTER]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (
            "https://crete.example/tente?utm_source=a&taille=2#haut",
            "https://crete.example/tente?taille=2",
        ),
        ("https://crete.example/blog/nuit-au-lac-en-hiver-2026", None),
        ("https://crete.example/produits/12345678", None),
        ("https://crete.example/p?ref=4c8e2f6a9b1d4c8e", "https://crete.example/p"),
        ("https://crete.example/v/0f8fad5b-d9cb-469f-a165-70867728950e/x", None),
        ("https://crete.example/v/AbCdEf0123456789xyz", ""),
        ("https://email.crete.example/c/abc", ""),
        ("https://crete.example/unsubscribe/now", ""),
        ("https://crete.example/?q=https://lac.example/a%3Futm_id%3D1", "https://lac.example/a"),
        ("https://user@crete.example/", ""),
        ("https://[broken/", ""),
    ],
)
def test_links_lose_what_follows_their_reader(link, expected):
    assert clean(link) == (link if expected is None else expected)


@pytest.mark.parametrize("word", ["tente", "nuit-au-lac", "2026", "Collection-Hiver", "12345678"])
def test_words_are_no_tokens(word):
    assert not is_token(word)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_letter_or_an_error(noise):
    for message in (noise, LETTER[:700] + noise + LETTER[700:], LETTER[: len(noise) * 5]):
        for _, letter in letters(split(message)):
            if not isinstance(letter, LetterError):
                assert letter.post.published_at.utcoffset() is not None
                assert letter.body


@given(st.emails(), st.sampled_from(("text", "markup")))
def test_no_address_of_a_reader_stays(address, form):
    from crawlers.imports.scrub import Scrubber

    cleaned = getattr(Scrubber([address], []), form)(f"à {address}, https://a.example/?e={address}")
    assert address.lower() not in cleaned.lower()
