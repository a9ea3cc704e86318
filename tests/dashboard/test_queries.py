import re
from datetime import timedelta

import polars as pl
import pytest

from dashboard import queries
from dashboard.queries import by_hand, publications
from dashboard.queries.lake import guarded
from dashboard.queries.stats import wilson
from data.store import Store
from tests.dashboard import sample

Scope = queries.Scope


def test_the_brand_comes_first(full):
    assert queries.entities()["entity_id"][0] == "maison-alpine"
    assert queries.entities()["role"].to_list()[-1] == "topic"


def test_the_reference_time_is_that_of_the_last_run(full):
    assert queries.as_of() == sample.END


def test_shares_of_formats_add_up_and_carry_their_interval(full):
    rows = queries.format_shares(Scope(period="90d"))
    sums = rows.group_by("entity_id").agg(pl.col("share").sum())
    assert sums["share"].to_list() == pytest.approx([1.0] * sums.height)
    assert rows.filter(
        (pl.col("share_low") > pl.col("share")) | (pl.col("share_high") < pl.col("share"))
    ).is_empty()
    assert (rows["n"] >= rows["posts"]).all()


def test_wilson_is_the_published_interval():
    """81 of 263: [0.2553, 0.3662] in Newcombe 1998, table I, method 3."""
    row = pl.DataFrame({"x": [81], "n": [263]}).select(wilson("x", "n")).row(0, named=True)
    assert row["share_low"] == pytest.approx(0.2553, abs=5e-5)
    assert row["share_high"] == pytest.approx(0.3662, abs=5e-5)


def test_a_scope_narrows_by_entity_platform_and_period(full):
    rows, total = queries.find(Scope("bluesky", "7d", ("maison-alpine",)))
    assert total == rows.height > 0
    assert set(rows["entity_id"]) == {"maison-alpine"}
    assert set(rows["platform"]) == {"bluesky"}
    assert rows["published_at"].min() > sample.END - timedelta(days=7)


def test_weeks_without_a_post_count_as_zero(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "gap")
    full_weeks = full.scan("channel_weeks").collect().filter(pl.col("entity_id") == "granit")
    weeks = full_weeks["week"].unique().sort()
    store.replace("coverage", full.scan("coverage").collect())
    store.replace("channel_weeks", full_weeks.filter(pl.col("week") != weeks[-3]))
    rows = queries.channel_weeks(Scope(period="90d"))
    assert rows.filter(pl.col("week") == weeks[-3])["posts"].to_list() == [0]


def test_moments_withhold_lift_under_five_posts(full):
    rows = queries.moments(Scope(period="365d"))
    assert rows.filter((pl.col("posts") < 5) & pl.col("lift").is_not_null()).is_empty()
    assert rows["posts"].sum() == queries.find(Scope(period="365d"))[1]


def test_silences_are_longest_first(full):
    days = queries.silences(Scope(period="90d"))["days"].to_list()
    assert days == sorted(days, reverse=True)
    assert len(days) > 3


@pytest.mark.parametrize("search", ["TENTE", "#bivouac", "refuge"])
def test_search_looks_in_text_title_and_hashtags(full, search):
    rows, total = queries.find(Scope(period="365d"), queries.Wanted(search))
    assert 0 < total < queries.find(Scope(period="365d"))[1]
    said = rows.select(
        pl.concat_str("text", pl.col("hashtags").list.join(" ")).str.to_lowercase()
    ).to_series()
    assert said.str.contains(search.lower().removeprefix("#"), literal=True).all()


@pytest.mark.parametrize("search", [".*", "(", "[a", "\\", "%", "'; DROP TABLE posts"])
def test_search_is_literal(full, search):
    assert queries.find(Scope(period="365d"), queries.Wanted(search))[1] == 0


def test_a_content_type_narrows_the_list(full):
    year = Scope(period="365d")
    rows, total = queries.find(year, queries.Wanted(type_id="ct-1"), limit=9999)
    kinds = full.scan("post_types").filter(pl.col("type_id") == "ct-1").collect()
    assert set(rows["post_id"]) == set(kinds["post_id"])
    assert 0 < total == kinds.height < queries.find(year)[1]
    both = queries.find(year, queries.Wanted("tente", "photo", "ct-1"))[0]
    assert set(both["format"]) == {"photo"}
    assert set(both["post_id"]) < set(rows["post_id"])
    assert queries.find(year, queries.Wanted(type_id="no-such"))[1] == 0


def columns_read(plan: pl.LazyFrame) -> list[int]:
    """How many columns each scan of the optimised plan reads."""
    return [int(number) for number in re.findall(r"PROJECT (\d+)/\d+ COLUMNS", plan.explain())]


def test_texts_are_read_only_where_one_is_searched(full, monkeypatch):
    asked = []
    for module in (publications, by_hand):
        monkeypatch.setattr(module, "scan", lambda name: asked.append(name) or full.scan(name))
    queries.type_edits()
    asked.clear()
    filtered = queries.Wanted(form="photo", type_id="ct-1")
    plan = publications.choose(Scope(), filtered).select("post_id")
    assert asked == ["post_features", "post_types"]
    assert "text" not in plan.explain()
    asked.clear()
    searched = publications.choose(Scope(), queries.Wanted("tente")).select("post_id")
    assert asked == ["post_features", "posts"]
    # Of posts: its id, its time and the three that are searched.
    assert 5 in columns_read(searched)


def test_texts_of_a_list_come_from_their_own_time_only(full):
    rows = queries.find(Scope(period="7d"))[0]
    plan = publications.texts_of(rows)
    assert columns_read(plan) == [6]
    assert "published_at" in plan.explain().partition("SELECTION")[2]
    assert plan.collect().height == rows.height > 0
    assert publications.texts_of(rows.clear()).collect().is_empty()


def test_the_zone_is_the_markets(full, use_lake, tmp_path):
    assert queries.timezone() == sample.ZONE
    store = use_lake(tmp_path / "told")
    assert queries.timezone() == "UTC"
    store.set_state("market", {"timezone": "Nowhere/Atall"})
    queries.forget()
    assert queries.timezone() == "UTC"


def test_sorting_puts_the_unknown_last(full):
    rates = queries.find(Scope(period="365d"), sort="engagement_rate", limit=5000)[0][
        "engagement_rate"
    ]
    known = rates.drop_nulls().to_list()
    assert known == sorted(known, reverse=True)
    assert rates.null_count() > 0
    assert rates[-1] is None


def test_from_a_post_to_its_page(full):
    post_id = queries.find(Scope())[0]["post_id"][0]
    row = queries.post(post_id).row(0, named=True)
    shots = queries.snapshots(post_id)
    assert shots["observed_at"].is_sorted()
    pages = queries.captures((row["page_id"], "unknown"))
    assert pages["page_id"].to_list() == [row["page_id"]]
    capture = queries.page(row["page_id"])
    assert capture is not None
    assert row["text"].encode() in capture.body


def test_unknown_ids_give_nothing(full):
    assert queries.post("no:such").is_empty()
    assert queries.page("no-such-page") is None
    assert queries.cards(("no:such",)).is_empty()


def test_cards_keep_the_order_asked_for(full):
    ids = tuple(queries.find(Scope())[0]["post_id"].to_list()[:4][::-1])
    assert tuple(queries.cards(ids)["post_id"]) == ids


def test_shares_of_types_count_the_outliers(full):
    rows = queries.type_shares(Scope(period="365d"))
    sums = rows.group_by("entity_id").agg(pl.col("share").sum())["share"]
    assert sums.min() < 0.99
    assert sums.max() <= 1 + 1e-9
    assert rows["type_id"].null_count() == 0


def test_types_that_nobody_of_an_entity_uses_are_zero(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "unused")
    for table in ("coverage", "post_features"):
        store.replace(table, full.scan(table).collect())
    own = full.scan("post_features").filter(pl.col("entity_id") == "granit").select("post_id")
    kinds = full.scan("post_types").collect()
    silent = pl.col("post_id").is_in(own.collect()["post_id"].implode()) & (
        pl.col("type_id") == "ct-4"
    )
    store.replace(
        "post_types", kinds.with_columns(type_id=pl.when(~silent).then(pl.col("type_id")))
    )
    rows = queries.type_shares(Scope(period="365d"))
    gone = rows.filter(pl.col("entity_id") == "granit", pl.col("type_id") == "ct-4")
    assert gone.select("posts", "share", "share_low", "lift").row(0) == (0, 0.0, 0.0, None)
    assert gone["share_high"][0] > 0
    assert gone["n"][0] == own.collect().height


def test_only_the_latest_clustering_counts(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "versions")
    types = full.scan("content_types").collect()
    store.replace(
        "content_types", pl.concat([types, types.with_columns(version=pl.lit(1, pl.Int64))])
    )
    assert set(queries.content_types()["version"]) == {2}


def test_trends_are_those_of_the_latest_week(full):
    found = queries.trends()
    assert found["week"].n_unique() == 1
    assert found["q_value"].is_sorted()
    assert queries.trend_history("all", "hashtag", "bivouac")["week"].is_sorted()


def test_platform_truth_says_what_is_hidden(full):
    rows = {row["platform"]: row for row in queries.platform_truth().iter_rows(named=True)}
    assert rows["bluesky"]["views"] == 0
    assert rows["youtube"]["views"] == 1


def test_coverage_shows_each_channel_once_and_those_never_visited(full, use_lake, tmp_path):
    rows = queries.coverage()
    assert rows["channel_id"].n_unique() == rows.height
    assert not rows["complete"][0]
    store = use_lake(tmp_path / "fresh")
    store.replace("channels", full.scan("channels").collect())
    assert queries.coverage()["run_id"].null_count() == rows.height


def test_answers_are_kept_until_the_lake_changes(full, use_lake, tmp_path, monkeypatch):
    store = use_lake(tmp_path / "change")
    assert queries.is_empty()
    store.replace("entities", full.scan("entities").collect())
    reads = []
    monkeypatch.setattr(Store, "scan", lambda self, table: reads.append(table))
    assert queries.is_empty()
    assert reads == []
    monkeypatch.undo()
    use_lake(tmp_path / "change")
    assert not queries.is_empty()


def test_a_damaged_table_is_a_clear_error(full, use_lake, tmp_path):
    store = use_lake(tmp_path / "broken")
    store.replace("entities", full.scan("entities").collect())
    for file in (tmp_path / "broken" / "entities").glob("*.parquet"):
        file.write_bytes(b"not parquet")
    queries.forget()
    with pytest.raises(queries.LakeError) as caught:
        queries.entities()
    assert str(tmp_path / "broken") in caught.value.path
    assert caught.value.problem


def test_who_opened_a_table_just_before_an_erasure_reads_it_again(full):
    tries = []

    def read():
        tries.append(len(tries))
        if len(tries) == 1:
            raise FileNotFoundError("gone since")
        return "rows"

    assert guarded(read) == "rows"
    assert tries == [0, 1]
