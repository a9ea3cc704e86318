"""The table `platforms`: what the dashboard knows of crawlers."""

from crawlers.alternatives import CHECK, ELSEWHERE, LATER, NAMED
from crawlers.registry import platforms
from data.store import Store
from flows.probing import platform_facts
from flows.words.french import FRENCH


def test_the_table_says_what_the_code_says(tmp_path):
    store = Store(tmp_path / "lake")
    platform_facts.write(store)
    found = {row["platform"]: row for row in store.scan("platforms").collect().to_dicts()}
    assert set(found) == set(platforms())
    reddit = found["reddit"]
    assert (reddit["title"], reddit["access"], reddit["confidence"]) == ("Reddit", "api", "solid")
    assert set(reddit["hides"]) == platforms()["reddit"].hides
    assert reddit["alternative_en"] == NAMED["reddit"]
    assert reddit["alternative_fr"].startswith("renseignez VIGIE_REDDIT_CLIENT_ID")


def test_it_is_written_only_where_it_changed(tmp_path):
    store = Store(tmp_path / "lake")
    platform_facts.write(store)
    written = store.version()
    platform_facts.write(store)
    assert store.version() == written
    known = store.scan("platforms").collect()
    store.replace("platforms", known.head(3))
    platform_facts.write(store)
    assert store.scan("platforms").collect().sort("platform").equals(known.sort("platform"))


def test_every_way_has_its_french():
    texts = {CHECK, ELSEWHERE, LATER, *NAMED.values()}
    assert texts <= set(FRENCH)
    for text in texts:
        assert FRENCH[text] != text
        assert FRENCH[text].count("`") == text.count("`")
