"""People cut out of pages, and pseudonyms under a second key."""

import json

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from crawlers.redaction import Cut
from data.names import INSTEAD, pattern_of
from data.pseudonyms import again, pseudonym
from data.records import Comment
from flows.erasing.rotation import renamed
from tests.crawlers.casebook import cases, outcome, page_of, platform_of

FIRST, SECOND = b"1" * 32, b"2" * 32
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
TREES = st.recursive(
    st.one_of(WORDS, st.integers(), st.just("lea.grimpe"), st.just("merci @Lea.Grimpe !")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)


def test_every_platforms_comments_follow_a_new_key():
    """What a parser gives under two keys is what the rotation makes of what it gave under one."""
    seen = 0
    for case in cases():
        page = page_of(case)
        old, new = (
            [
                one
                for one in outcome(platform_of(case), structs.replace(page, secret=ring)).records
                if isinstance(one, Comment)
            ]
            for ring in (FIRST, FIRST + SECOND)
        )
        for before, after in zip(old, new, strict=True):
            seen += 1
            assert again(before.author_key, SECOND) == after.author_key, case
            for name in ("native_id", "in_reply_to"):
                if (told := getattr(before, name)) is not None:
                    name_of = f"{case.partition('/')[0]}:"
                    assert renamed(name_of + told, SECOND) == name_of + getattr(after, name), case
    assert seen > 20


@given(TREES)
def test_no_way_leaves_the_name(tree):
    body = json.dumps({"data": tree}).encode()
    for left in Cut({"lea.grimpe"}).ways(body, texts=False):
        assert b"grimpe" not in left.lower() or b"lea.grimpe" not in left.lower()
        json.loads(left)


def test_what_is_theirs_goes_and_what_others_say_stays():
    document = {"said": [
        {"author": {"handle": "lea.grimpe"}, "text": "secret"},
        {"author": {"handle": "tom.b"}, "text": "Oui @lea.grimpe"},
    ]}  # fmt: skip
    entries, members, words = Cut({"lea.grimpe"}).ways(json.dumps(document).encode(), texts=False)
    other = {"author": {"handle": "tom.b"}, "text": f"Oui {INSTEAD}"}
    assert json.loads(entries) == json.loads(members) == {"said": [other]}
    emptied = {"author": {"handle": INSTEAD}, "text": INSTEAD}
    assert json.loads(words) == {"said": [emptied, other]}


def test_a_word_is_taken_for_a_name_only_where_it_is_written_as_one():
    pattern = pattern_of({"marie", "lea.grimpe", "Jo", "Anne Roc"})
    assert pattern is not None
    assert pattern.sub("#", "marie, @Marie, Jo, Anne Roc") == "marie, @#, Jo, Anne Roc"
    assert pattern.sub("#", "x/Lea.Grimpe/y lea.grimper") == "x/#/y lea.grimper"
    assert pattern_of({"Jo", ""}) is None


@given(st.text(min_size=1))
def test_a_ring_of_keys_is_a_chain(name):
    ring = pseudonym(name, FIRST + SECOND)
    assert ring == again(pseudonym(name, FIRST), SECOND)
    assert ring != pseudonym(name, SECOND)
