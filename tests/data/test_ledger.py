from datetime import timedelta

import polars as pl
import pytest

from data.ledger import COLUMNS, SIGHTING, combine, strike
from data.tables import CORE
from tests.data.rows import T0, post

NOTHING = CORE["posts"].create_empty()
DAY = timedelta(days=1)


def known(*rows):
    return pl.DataFrame(list(rows), schema=NOTHING.schema)


def sighting(number=1, at=T0, kind="list", **changes):
    row = post(number, page_id=f"page of {at:%m-%d}") | changes
    return {name: row[name] for name in SIGHTING if name in row} | {"observed_at": at, "kind": kind}


def seen(*rows):
    return pl.DataFrame(list(rows), schema=SIGHTING)


def fold(*rows, before=NOTHING, **more):
    return combine(before, seen(*rows), **more).sort("post_id").to_dicts()


def kind_of(page_id, kind):
    return pl.DataFrame({"page_id": [page_id], "kind": [kind]})


def test_a_new_post_is_taken_as_it_is_shown():
    (row,) = fold(sighting())
    assert row == post(1, page_id="page of 11-01")


def test_the_result_keeps_the_contract():
    frame = combine(NOTHING, seen(sighting(1), sighting(2), sighting(1, T0 + DAY)))
    assert tuple(frame.columns) == COLUMNS
    CORE["posts"].validate(frame)


def test_first_and_last_sight_are_the_outermost():
    before = known(post(1))
    (row,) = fold(sighting(at=T0 + 2 * DAY), sighting(at=T0 + DAY), before=before)
    assert (row["first_seen_at"], row["last_seen_at"]) == (T0, T0 + 2 * DAY)


def test_posts_that_are_not_sighted_are_left_alone():
    assert fold(sighting(2), before=known(post(1)))[0]["post_id"] == "feed:2"


def test_an_old_sighting_only_moves_the_first_sight():
    before = known(post(1, text="new", edited_at=T0))
    (row,) = fold(sighting(at=T0 - DAY, text="old"), before=before)
    assert row == post(1, text="new", edited_at=T0, first_seen_at=T0 - DAY)


def test_folding_twice_changes_nothing():
    rows = [sighting(), sighting(at=T0 + DAY, text="edited"), sighting(at=T0 + 2 * DAY)]
    once = combine(NOTHING, seen(*rows))
    assert combine(once, seen(*rows)).equals(once)


def test_folding_one_by_one_is_folding_at_once():
    rows = [
        sighting(text="abc"),
        sighting(at=T0 + DAY, kind="detail", text="abcdef"),
        sighting(at=T0 + 2 * DAY, text="abc"),
        sighting(at=T0 + 3 * DAY, kind="detail", text="abcxef"),
        sighting(at=T0 + 4 * DAY, text="other and much longer"),
    ]
    state = NOTHING
    kinds = pl.DataFrame({"page_id": [row["page_id"] for row in rows]}).with_columns(
        kind=pl.Series([row["kind"] for row in rows])
    )
    for row in rows:
        state = combine(state, seen(row), kinds)
    assert state.equals(combine(NOTHING, seen(*rows)))


def test_a_changed_text_is_an_edit_at_the_time_of_the_capture():
    (row,) = fold(sighting(), sighting(at=T0 + DAY, text="autre"))
    assert (row["text"], row["edited_at"], row["page_id"]) == ("autre", T0 + DAY, "page of 11-02")


def test_an_edit_is_seen_across_runs_when_the_kind_of_page_is_known():
    before = known(post(1))
    kinds = kind_of("p1", "list")
    (row,) = fold(sighting(at=T0 + DAY, text="autre"), before=before, kinds=kinds)
    assert row["edited_at"] == T0 + DAY


def test_what_the_platform_says_of_an_edit_holds():
    said = T0 + timedelta(hours=3)
    (row,) = fold(sighting(), sighting(at=T0 + DAY, text="autre", edited_at=said))
    assert row["edited_at"] == said


def test_an_excerpt_is_no_edit_and_does_not_replace_the_text():
    full = sighting(text="tout le texte", kind="detail")
    (row,) = fold(full, sighting(at=T0 + DAY, text="tout…"))
    assert (row["text"], row["edited_at"]) == ("tout le texte", None)


def test_a_fuller_page_takes_over_from_an_excerpt_without_an_edit():
    full = sighting(at=T0 + DAY, text="tout le texte", kind="detail")
    (row,) = fold(sighting(text="tout…"), full)
    assert (row["text"], row["edited_at"], row["page_id"]) == (
        "tout le texte",
        None,
        "page of 11-02",
    )


def test_what_a_page_leaves_out_stays_known():
    bare = sighting(at=T0 + DAY, title=None, language=None, media_count=None)
    (row,) = fold(sighting(media_count=3), bare)
    assert (row["title"], row["language"], row["media_count"]) == ("Sortie", "fr", 3)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((0, 86400), (5, 86400), 0),
        ((0, 86400), (5, 60), 5),
        ((0, 60), (5, 86400), 0),
        ((0, 0), (5, 0), 5),
        ((0, None), (5, 0), 5),
    ],
)
def test_the_surer_time_of_publication_wins(before, after, expected):
    def at(hours, within):
        return {"published_at": T0 + timedelta(hours=hours), "published_within_s": within}

    (row,) = fold(sighting(**at(*before)), sighting(at=T0 + DAY, **at(*after)))
    assert row["published_at"] == T0 + timedelta(hours=expected)


def test_a_time_learned_later_is_kept():
    (row,) = fold(sighting(published_at=None), sighting(at=T0 + DAY))
    assert row["published_at"] == T0
    (row,) = fold(sighting(), sighting(at=T0 + DAY, published_at=None))
    assert row["published_at"] == T0


def test_a_post_that_shows_up_again_is_not_deleted():
    (row,) = fold(sighting(at=T0 + 2 * DAY), before=known(post(1, deleted_at=T0 + DAY)))
    assert row["deleted_at"] is None


def test_a_post_belongs_to_its_own_channel_rather_than_to_a_topic():
    topics = {"mastodon:tag"}
    (row,) = fold(
        sighting(channel_id="mastodon:tag"),
        sighting(at=T0 + DAY, channel_id="mastodon:crete"),
        sighting(at=T0 + 2 * DAY, channel_id="mastodon:tag"),
        topics=topics,
    )
    assert row["channel_id"] == "mastodon:crete"


def gone(at, number=1):
    return pl.DataFrame({"post_id": [f"feed:{number}"], "at": [at]})


def test_a_post_is_struck_at_the_first_capture_that_misses_it():
    times = pl.concat([gone(T0 + 2 * DAY), gone(T0 + DAY)])
    (row,) = strike(known(post(1), post(2)), times).to_dicts()
    assert row == post(1, deleted_at=T0 + DAY)


@pytest.mark.parametrize("changes", [{"deleted_at": T0}, {"last_seen_at": T0 + 2 * DAY}])
def test_a_post_deleted_before_or_seen_since_is_not_struck(changes):
    assert strike(known(post(1, **changes)), gone(T0 + DAY)).is_empty()
