"""Tokens: chosen when they are there, sent where they belong, and found nowhere afterwards."""

import asyncio
import json
import os
from pathlib import Path

import polars as pl
import pytest
from pydantic import SecretStr

from crawlers.guard import RefusedError
from crawlers.moves import Move, move_of
from crawlers.plan import PlanChannel
from crawlers.platform import Official
from crawlers.registry import platforms
from crawlers.tokens import Keyring
from crawlers.visit import Answer, alternative, way_of
from data import logs
from data.settings import Settings
from data.store import Store
from data.tables import TABLES
from tests.crawlers.hostile import serving
from tests.crawlers.official import (
    ACCESS,
    CANARIES,
    CLIENT,
    KEY,
    PAIR,
    SECRET,
    SECRETS,
    TOKEN,
    USER,
    Officials,
)
from tests.crawlers.scripted import plan, start

ACCOUNTS = {
    "youtube": ("@leagrimpe", "@e401", "@e403", "@e429", "@e500", "@drop", "@away"),
    "instagram": ("maisonalpine", "e401", "e403"),
    "reddit": ("r/bivouac", "r/e401", "r/e403", "r/e429"),
}
GOOD = {"youtube:@leagrimpe", "instagram:maisonalpine", "reddit:r/bivouac"}
OFFICIAL = {name: p.official for name, p in platforms().items() if p.official}


def channel(platform, account, **more):
    url = platforms()[platform].url_of(account)
    return PlanChannel(f"{platform}:{account}", "shop", platform, account, url, **more)


def held(**secrets):
    values = {name.removeprefix("VIGIE_").lower(): value for name, value in SECRETS.items()}
    return Settings.model_construct(
        **{name: SecretStr(value) for name, value in {**values, **secrets}.items()}
    )


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """Store, folder of the lake, coverage by channel, all that the process said, what was asked."""
    lake = tmp_path_factory.mktemp("official") / "lake"
    with serving(Officials) as (base, asked), pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        channels = [
            channel(platform, account, api_url=f"{base}/{platform}")
            for platform, accounts in ACCOUNTS.items()
            for account in accounts
        ]
        given = plan(lake, channels, allow_private_networks=True)
        process = start(given, "RETRIES=1")
        out, err = process.communicate(timeout=200)
    store = Store(lake)
    rows = store.scan("coverage").collect().to_dicts()
    coverage = {row["channel_id"]: row for row in rows}
    return store, lake, coverage, out + err, asked


def canaries_in(data):
    return [canary for canary in CANARIES if canary.encode() in data]


def test_the_apis_are_asked_and_read(crawled):
    store, _, coverage, _, _ = crawled
    assert {name for name, row in coverage.items() if row["complete"]} == GOOD
    assert set(store.scan("posts").collect()["post_id"]) == {
        "youtube:vid-0000001", "instagram:DAbCdEfGhIj", "reddit:1aa001",
    }  # fmt: skip
    assert set(store.scan("posts").collect()["channel_id"]) == GOOD


def test_no_token_is_in_any_table_page_or_reason(crawled):
    store = crawled[0]
    for table in TABLES:
        frame = store.scan(table).collect()
        for row in frame.iter_rows():
            for value in row:
                whole = value if isinstance(value, bytes) else str(value).encode()
                assert canaries_in(whole) == [], table
    bodies = store.scan("pages").collect()["body"].drop_nulls()
    assert len(bodies) > 0
    assert all(b"[token]" in body for body in bodies)


def test_no_token_is_in_any_file_or_output(crawled):
    _, lake, _, said, _ = crawled
    assert canaries_in(said) == []
    files = [Path(folder, name) for folder, _, names in os.walk(lake) for name in names]
    assert files
    assert [file for file in files if canaries_in(file.read_bytes())] == []


def test_every_line_that_the_process_says_has_its_run_and_channel(crawled):
    store, _, coverage, said, _ = crawled
    texts = store.scan("posts").collect()["text"].drop_nulls()
    assert not any(text.encode() in said for text in texts if text)
    summary, *told = said.splitlines()
    lines = [logs.decoded(line) for line in told]
    assert None not in lines
    visits = [line for line in lines if line.message == "visited"]
    assert {line.channel_id for line in visits} == set(coverage)
    assert {line.run_id for line in lines} == {json.loads(summary)["run_id"]}
    short = {line.channel_id for line in visits if line.level == "warning"}
    assert short == {name for name, row in coverage.items() if not row["complete"]}


def test_refusals_are_plain_reasons(crawled):
    reasons = {name: row["reason"] for name, row in crawled[2].items()}
    for name, start_of in {
        "youtube:@e429": "rate_limited",
        "youtube:@drop": "no answer (",
        "youtube:@away": "refused: the official API sends elsewhere",
        "youtube:@e500": "server_error",
        "reddit:r/e401": "needs_token: the platform's official API needs a token "
        "(VIGIE_REDDIT_CLIENT_ID, VIGIE_REDDIT_CLIENT_SECRET: refused)",
        "reddit:r/e403": "block_page",
    }.items():
        assert reasons[name].startswith(start_of), reasons[name]


def test_an_api_that_gave_a_token_is_asked_without_robots_txt(crawled):
    paths = [path for path, _ in crawled[4]]
    assert not any(path.endswith("robots.txt") for path in paths)


def test_one_access_token_serves_until_it_is_refused(crawled):
    exchanges = [path for path, _ in crawled[4] if path == "/reddit/api/v1/access_token"]
    assert 1 <= len(exchanges) <= 3


@pytest.mark.parametrize("name", OFFICIAL)
def test_an_official_api_names_settings_that_there_are(name):
    official = OFFICIAL[name]
    assert isinstance(official, Official)
    assert official.origin.startswith("https://")
    known = Settings.model_fields
    for setting in official.needs:
        assert known[setting].annotation == SecretStr | None
        assert f"VIGIE_{setting.upper()}" in official.variables()


@pytest.mark.parametrize("name", OFFICIAL)
def test_it_is_chosen_where_all_its_tokens_are_held(name):
    platform = platforms()[name]
    account = platform.account_of(platform.examples[0])
    assert way_of(channel(name, account), platform, held()) is platform.official
    for setting in platform.official.needs:
        without = held(**{setting: ""})
        assert way_of(channel(name, account), platform, without) is platform


@pytest.mark.parametrize("name", OFFICIAL)
def test_where_only_its_pages_are_moved_they_are_asked(name):
    platform = platforms()[name]
    account = platform.account_of(platform.examples[0])
    moved = channel(name, account, base_url="http://127.0.0.1:1")
    assert way_of(moved, platform, held()) is platform
    both = channel(name, account, base_url="http://127.0.0.1:1", api_url="http://127.0.0.1:2/")
    assert way_of(both, platform, held()) is platform.official
    assert move_of(both, platform, platform.official) == Move(
        platform.official.origin, "http://127.0.0.1:2"
    )


@pytest.mark.parametrize("name", OFFICIAL)
def test_all_that_it_asks_is_its_own(name):
    platform = platforms()[name]
    for url in platform.examples:
        account = platform.account_of(url)
        posts = [("1aa001", "https://a.example/1")]
        fetches = [*platform.official.start(account), *platform.official.refresh(account, posts)]
        assert fetches
        for fetch in fetches:
            assert fetch.official
            assert fetch.url.startswith(f"{platform.official.origin}/")


def test_robots_txt_names_the_official_api_as_the_lawful_way():
    assert "set VIGIE_REDDIT_CLIENT_ID" in alternative(platforms()["reddit"])


def signed(name, url, keys=None, answer=None):
    async def post(url, headers, data):
        assert headers["Authorization"] == f"Basic {PAIR}"
        assert url.startswith("https://www.reddit.com/")
        assert data
        return answer or (200, json.dumps({"access_token": ACCESS}).encode())

    return asyncio.run((keys or Keyring(held())).signed(url, OFFICIAL[name], post))


def test_tokens_go_into_headers_and_only_to_their_api():
    url = "https://www.googleapis.com/youtube/v3/videos?id=a"
    assert signed("youtube", url) == (url, {"X-Goog-Api-Key": KEY})
    for other in ("https://www.googleapis.com.evil.example/", "http://www.googleapis.com/x"):
        assert signed("youtube", other) == (other, {})
    url = "https://graph.facebook.com/v24.0/me?fields=a"
    assert signed("instagram", url) == (
        f"https://graph.facebook.com/v24.0/{USER}?fields=a", {"Authorization": f"Bearer {TOKEN}"},
    )  # fmt: skip
    url = "https://oauth.reddit.com/r/a/new"
    assert signed("reddit", url) == (url, {"Authorization": f"Bearer {ACCESS}"})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((401, b"no"), "needs_token: .*VIGIE_REDDIT_CLIENT_SECRET: refused with HTTP 401"),
        ((429, b"wait"), "no access token was given .HTTP 429"),
        ((500, b"{}"), "no access token was given .HTTP 500"),
        ((200, b'{"error": "unsupported_grant_type"}'), "no access token was given"),
    ],
)
def test_an_exchange_that_fails_says_why_and_no_secret(answer, reason):
    with pytest.raises(RefusedError, match=reason) as refusal:
        signed("reddit", "https://oauth.reddit.com/r/a/new", answer=answer)
    assert SECRET not in str(refusal.value)
    assert CLIENT not in str(refusal.value)


@pytest.mark.parametrize("bad", ["short", "two\nlines of it", "clé-étrangère"])
def test_what_is_no_token_is_not_sent(bad):
    keys = Keyring(held(youtube_api_key=bad))
    with pytest.raises(RefusedError, match="VIGIE_YOUTUBE_API_KEY is no token") as refusal:
        signed("youtube", "https://www.googleapis.com/x", keys)
    assert bad not in str(refusal.value)


def test_access_tokens_are_kept_until_they_end():
    now = [0.0]
    keys = Keyring(held(), clock=lambda: now[0])
    counted = []

    async def post(url, headers, data):
        counted.append(url)
        return 200, json.dumps({"access_token": ACCESS, "expires_in": 100}).encode()

    def ask():
        asyncio.run(keys.signed("https://oauth.reddit.com/a", OFFICIAL["reddit"], post))
        return len(counted)

    assert (ask(), ask()) == (1, 1)
    now[0] = 41.0
    assert ask() == 2
    keys.forget(OFFICIAL["reddit"])
    assert ask() == 3


def test_an_answer_is_cleaned_of_every_form_of_a_token():
    keys = Keyring(held())
    signed("youtube", "https://www.googleapis.com/x", keys)
    answer = Answer(
        url="https://www.googleapis.com/x",
        status=403,
        body=b"canary-key\\u002f0123456789\\u003d\\u003d canary-key%2F0123456789%3D%3D "
        + KEY.encode(),
        content_type=f"text/plain; {KEY}",
        etag=KEY,
        last_modified=KEY,
    )
    clean = keys.cleaned(answer)
    assert clean.body == b"[token] [token] [token]"
    assert (clean.content_type, clean.etag, clean.last_modified) == (
        "text/plain; [token]",
        None,
        None,
    )


def test_settings_never_show_a_token():
    assert canaries_in(repr(held()).encode()) == []
    assert canaries_in(held().model_dump_json().encode()) == []


def test_the_watchlist_may_move_an_api_but_names_no_token():
    assert (
        pl.Series(sorted(PlanChannel.__struct_fields__)).str.contains("token|key|secret").any()
        is False
    )
