import json
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from features import clusters, content_fit, content_types, model_state
from features.vectors import Memory
from features.words import STOP

from . import world

THEMES = tuple(world.THEMES)


@pytest.fixture(scope="module")
def texts():
    rng = np.random.default_rng(1)
    rows = [
        {
            "post_id": f"p{i:04d}", "channel_id": f"c{i % 5}", "title": None,
            "text": world.text(rng, THEMES[i % 4], "fr" if i % 3 else "en"),
            "language": "fr" if i % 3 else "en", "theme": THEMES[i % 4], "published_at": world.AT,
        }
        for i in range(320)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"title": pl.String})


@pytest.fixture(scope="module")
def memory():
    return Memory()


@pytest.fixture(scope="module")
def model(texts, memory):
    return content_fit.fit(texts, world.AT, None, memory)


def agreement(texts, types):
    both = texts.join(types, on="post_id").with_columns(pl.col("type_id").fill_null("none"))
    return adjusted_rand_score(both["theme"].to_list(), both["type_id"].to_list())


def test_planted_themes_are_found_over_both_languages(texts, model, memory):
    types = content_types.post_types(model, texts, memory)
    assert agreement(texts, types) > 0.9
    assert types["confidence"].is_between(0, 1).all()


def test_words_alone_assign_nearly_as_well(texts, model, memory):
    labels, confidence = content_types.by_words(model, texts)
    names = pl.Series(model.type_ids).gather(pl.Series(labels).clip(0))
    types = pl.DataFrame({"post_id": texts["post_id"], "type_id": names})
    assert agreement(texts, types) > 0.9
    assert confidence.mean() > 0.9


def test_labels_are_words_of_the_theme(texts, model):
    known = {word for both in world.THEMES.values() for side in both for word in side.split()}
    for keywords in model.keywords:
        assert keywords
        assert set(keywords) <= known
        assert not set(keywords) & STOP


def test_a_text_that_says_nothing_has_no_type(model, memory):
    odd = pl.DataFrame(
        {"post_id": ["a", "b"], "channel_id": ["c", "c"], "title": [None, None],
         "text": ["👍", None], "language": ["fr", None], "published_at": [world.AT] * 2},
        schema_overrides={"title": pl.String, "text": pl.String},
    )  # fmt: skip
    assert content_types.post_types(model, odd, memory)["type_id"].null_count() == 2


def test_the_model_survives_json(texts, model, memory):
    again = model_state.load(json.loads(json.dumps(model_state.dump(model))))
    one = content_types.post_types(model, texts, memory)
    assert one.equals(content_types.post_types(again, texts, memory))
    assert again.fitted_at == model.fitted_at


def test_a_second_fit_keeps_the_ids(texts, model, memory):
    later = content_fit.fit(texts[:280], world.AT + timedelta(days=8), model, memory)
    assert later.version == model.version + 1
    assert set(later.type_ids) == set(model.type_ids)
    one = content_types.post_types(model, texts, memory)
    two = content_types.post_types(later, texts, memory)
    assert (one["type_id"] == two["type_id"]).mean() > 0.95


def test_few_posts_make_no_types(texts, memory):
    assert content_fit.fit(texts[:20], world.AT, None, memory) is None
    assert content_types.content_types(None, pl.LazyFrame()).is_empty()


def test_the_order_of_rows_does_not_matter(texts, model, memory):
    again = content_fit.fit(texts.reverse(), world.AT, None, memory)
    assert again.type_ids == model.type_ids
    assert np.allclose(again.centres, model.centres)


def test_the_table_counts_every_typed_post(texts, model, memory):
    types = content_types.post_types(model, texts, memory)
    table = content_types.content_types(model, types.lazy())
    assert table["size"].sum() == types["type_id"].count()
    assert table["stability"].min() > 0.8


@given(st.lists(st.integers(-1, 3), min_size=1, max_size=40))
def test_a_labelling_overlaps_fully_with_itself(labels):
    array = np.array(labels, dtype=np.int64)
    found = clusters.overlap(array, array, 4, 4)
    for i in range(4):
        assert found[i, i] == (1 if i in labels else 0)
    assert found.min() >= 0
    assert found.max() <= 1
