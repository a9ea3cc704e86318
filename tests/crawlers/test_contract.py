"""What every platform keeps, found by walking the registry: a new one needs no edit here."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from crawlers.platform import REASONS, Blocked, Fetch, Page, Platform
from crawlers.registry import claimants, platforms
from data.records import Gone, Metrics, Post, Profile
from tests.crawlers.casebook import CASES, cases, expected_of, outcome, page_of, platform_of
from tests.crawlers.validity import check, check_fetch, is_address

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHOWABLE = {
    name
    for record in (Post, Metrics, Profile)
    for name, default in zip(
        record.__struct_fields__[::-1], record.__struct_defaults__[::-1], strict=False
    )
    if default is None
} - {"deleted_at"} | {"published_at"}
"""Fields that a platform may show or hide; none can show when a post was deleted."""

every_platform = pytest.mark.parametrize("platform", platforms().values(), ids=platforms())
every_case = pytest.mark.parametrize("case", cases())


@every_platform
def test_file_name_and_class_are_one(platform):
    assert isinstance(platform, Platform)
    assert platforms()[platform.name] is platform
    assert type(platform).__module__ == f"crawlers.platforms.{platform.name}"
    assert type(platform).__name__ == platform.name.title().replace("_", "")


@every_platform
def test_attributes_say_what_it_is(platform):
    assert platform.title
    assert platform.docs.startswith("https://")
    assert platform.access in {"api", "feed", "page", "browser", "token"}
    assert platform.confidence in {"solid", "thin"}
    assert platform.delay_s >= 0.5
    assert platform.hides <= SHOWABLE
    assert all(name in SHOWABLE and 0 <= share <= 1 for name, share in platform.floor.items())
    assert not platform.hides & platform.floor.keys()
    assert platform.base_url is None or re.fullmatch(r"https://[^/]+", platform.base_url)


def test_cases_and_platforms_belong_together():
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == set(platforms())
    assert all(cases(name) for name in platforms())


@every_platform
def test_examples_are_claimed_by_this_platform_alone(platform):
    assert platform.examples
    for url in platform.examples:
        assert [name for name, _ in claimants(url)] == [platform.name]


@every_platform
def test_account_and_address_lead_to_each_other(platform):
    for url in platform.examples:
        account = platform.account_of(url)
        address = platform.url_of(account)
        assert is_address(address)
        assert address == account or platform.account_of(address) == account


@every_platform
def test_start_asks_for_allowed_pages(platform):
    for url in platform.examples:
        fetches = list(platform.start(platform.account_of(url)))
        assert fetches
        assert len({fetch.url for fetch in fetches}) == len(fetches)
        assert not any(fetch.more for fetch in fetches)
        for fetch in fetches:
            check_fetch(fetch)
            origin = "/".join(fetch.url.split("/")[:3])
            assert platform.base_url in {None, origin}


@every_case
def test_a_case_gives_what_is_expected(case):
    found, expected = outcome(platform_of(case), page_of(case)), expected_of(case)
    assert found.records == expected.records
    assert found == expected


@every_case
def test_everything_read_is_valid(case):
    found = outcome(platform_of(case), page_of(case))
    for item in (*found.records, *found.fetches, *found.dropped):
        check(item)
    assert found.blocked is None or found.blocked in REASONS


@every_case
def test_reading_twice_gives_the_same(case):
    platform, page = platform_of(case), page_of(case)
    assert outcome(platform, page) == outcome(platform, page)


@every_case
def test_ids_do_not_depend_on_when_a_page_was_read(case):
    def ids(page):
        return [getattr(record, "native_id", None) for record in outcome(platform, page).records]

    platform, page = platform_of(case), page_of(case)
    later = structs.replace(page, fetched_at=page.fetched_at + timedelta(days=1))
    assert ids(page) == ids(later)


@every_case
def test_reposts_have_no_counts(case):
    found = outcome(platform_of(case), page_of(case)).records
    reposts = {post.native_id for post in found if isinstance(post, Post) and post.is_repost}
    counted = {metrics.native_id for metrics in found if isinstance(metrics, Metrics)}
    assert not reposts & counted


@every_platform
def test_what_is_hidden_is_never_there_and_the_rest_sometimes_is(platform):
    shown = set()
    for case in cases(platform.name):
        for record in outcome(platform, page_of(case)).records:
            values = (
                structs.asdict(record).items() if type(record) in {Post, Metrics, Profile} else ()
            )
            shown |= {name for name, value in values if value is not None}
    assert shown & SHOWABLE == SHOWABLE - platform.hides


@every_platform
def test_refreshing_asks_for_known_posts(platform):
    posts = {
        (post.native_id, post.url)
        for case in cases(platform.name)
        for post in outcome(platform, page_of(case)).records
        if isinstance(post, Post)
    }
    account = platform.account_of(platform.examples[0])
    for fetch in platform.refresh(account, sorted(posts)):
        check_fetch(fetch)
        assert fetch.context.get("post", "") in {"", *(native_id for native_id, _ in posts)}
    assert list(platform.refresh(account, [])) == []


@every_platform
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451, 500, 503])
@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"{}", b"[]"])
def test_a_refusal_is_said_and_not_read_as_no_posts(platform, status, body):
    account = platform.account_of(platform.examples[0])
    page = Page(
        Fetch(f"https://a.example/{status}"), account, "https://a.example/", body, NOW, status
    )
    with pytest.raises(Blocked) as wall:
        list(platform.read(page))
    assert wall.value.reason in REASONS
    lost = structs.replace(page, fetch=Fetch(page.url, context={"post": "p"}))
    if status in {404, 410}:
        assert list(platform.read(lost)) == [Gone("p")]
