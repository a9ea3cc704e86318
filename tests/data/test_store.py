import multiprocessing
import os
import signal
import time
from datetime import timedelta

import polars as pl
import pytest
from deltalake.exceptions import CommitFailedError
from hypothesis import given, settings
from hypothesis import strategies as st

from data.contracts import arranged
from data.delta import StoreError
from data.records import Capture
from data.store import Store
from data.tables import INTERNAL, TABLES
from tests.data.rows import T0, frame, metric, post


def capture(number=0, body=b"body", **changes):
    values = {
        "channel_id": "feed:crete",
        "run_id": "r1",
        "url": f"https://crete.example/{number}",
        "fetch": f'{{"url":"https://crete.example/{number}"}}',
        "fetched_at": T0 + timedelta(seconds=number),
        "status": 200,
        "content_type": "text/html",
        "body": body,
    }
    return Capture(**{**values, **changes})


@pytest.mark.parametrize("table", [*TABLES, *INTERNAL])
def test_every_table_is_empty_at_first_and_has_its_columns(store, table):
    contract = (TABLES | INTERNAL)[table]
    rows = store.scan(table).collect()
    assert rows.is_empty()
    assert rows.schema == contract.create_empty().schema


@pytest.mark.parametrize("table", TABLES)
def test_sampled_rows_come_back_as_written_and_merging_twice_changes_nothing(store, table):
    columns = TABLES[table].columns()
    closed = {name: col.metadata["words"] for name, col in columns.items() if col.metadata}
    overrides = {name: [words[n % len(words)] for n in range(6)] for name, words in closed.items()}
    rows = TABLES[table].sample(None if overrides else 6, overrides=overrides or None)
    key = TABLES[table].primary_key()
    assert store.merge(table, rows) == rows.height
    version = store.scan(table).collect().sort(key)
    assert version.equals(rows.sort(key))
    assert store.merge(table, rows) == 0
    assert store.scan(table).collect().sort(key).equals(rows.sort(key))


def test_merge_overwrites_and_insert_does_not(store):
    store.merge("posts", frame("posts", post(1), post(2)))
    assert store.insert("posts", frame("posts", post(1, text="new"), post(3))) == 1
    assert store.merge("posts", frame("posts", post(2, text="new"))) == 0
    texts = dict(store.scan("posts").select("post_id", "text").collect().iter_rows())
    assert texts == {"feed:1": "Bivouac au lac", "feed:2": "new", "feed:3": "Bivouac au lac"}


@pytest.mark.parametrize("first", [None, T0, T0 - timedelta(days=70)])
def test_a_time_learned_later_moves_the_row_and_never_doubles_it(store, first):
    store.merge("posts", frame("posts", post(1, published_at=first), post(2)))
    later = T0 - timedelta(days=40)
    store.merge("posts", frame("posts", post(1, published_at=later)))
    rows = store.scan("posts").filter(pl.col("post_id") == "feed:1").collect()
    assert rows["published_at"].to_list() == [later]
    assert store.scan("posts").collect().height == 2


def test_replace_takes_the_whole_table_or_only_the_months_named(store):
    old, new = post(1, published_at=T0 - timedelta(days=40)), post(2)
    store.merge("posts", frame("posts", old, new))
    store.replace("posts", frame("posts", post(3)), months=["2026-11"])
    assert set(store.scan("posts").collect()["post_id"]) == {"feed:1", "feed:3"}
    store.replace("posts", frame("posts", post(4)))
    assert set(store.scan("posts").collect()["post_id"]) == {"feed:4"}
    with pytest.raises(StoreError, match="2026-11"):
        store.replace("posts", frame("posts", post(5)), months=["2026-10"])


def test_replace_in_parts_is_one_commit_of_all_or_nothing(store):
    store.merge("posts", frame("posts", post(9)))
    version = store.version_of("posts")
    parts = [frame("posts", post(1), post(2)).lazy(),
             frame("posts", post(3, published_at=T0 - timedelta(days=40))).lazy()]  # fmt: skip
    store.replace_in_parts("posts", parts)
    assert store.version_of("posts") == version + 1
    assert set(store.scan("posts").collect()["post_id"]) == {"feed:1", "feed:2", "feed:3"}
    broken = [frame("posts", post(4)).lazy(), frame("posts", post(5, channel_id=None)).lazy()]
    with pytest.raises(StoreError, match="channel_id"):
        store.replace_in_parts("posts", broken)
    assert store.scan("posts").collect().height == 3
    store.replace_in_parts("posts", [])
    assert store.scan("posts").collect().is_empty()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (frame("posts", post(1, format="reel")), "format"),
        (frame("posts", post(1)).drop("url"), "url"),
        (frame("posts", post(1), post(1)), "primary_key"),
        (frame("posts", post(1, channel_id=None)), "channel_id"),
        (frame("metrics", metric(1, likes=-1)), "missing columns"),
    ],
)
def test_rows_that_break_the_contract_are_refused_and_nothing_is_lost(store, rows, told):
    store.merge("posts", frame("posts", post(9)))
    with pytest.raises(StoreError, match=told):
        store.merge("posts", rows)
    assert store.scan("posts").collect()["post_id"].to_list() == ["feed:9"]


def test_unknown_tables_are_named_with_those_that_exist(store):
    with pytest.raises(StoreError, match="no such table; there are entities"):
        store.scan("post")


def test_the_same_content_is_kept_once_and_read_back_everywhere(store):
    captures = [capture(n, body=b"odd" if n % 2 else b"even") for n in range(6)]
    page_ids = store.archive(captures)
    assert store.archive(captures) == page_ids
    pages = store.scan("pages").collect()
    assert pages.height == 6
    assert pages["body"].drop_nulls().len() == 2
    assert [store.read_page(page_id) for page_id in page_ids] == captures


@settings(max_examples=15, deadline=None)
@given(bodies=st.lists(st.binary(max_size=300), max_size=8))
def test_any_bytes_survive_the_archive(tmp_path_factory, bodies):
    store = Store(tmp_path_factory.mktemp("lake"))
    page_ids = store.archive([capture(n, body) for n, body in enumerate(bodies)])
    assert [store.read_page(page_id).body for page_id in page_ids] == bodies


def test_a_page_that_is_not_there_is_said_so(store):
    with pytest.raises(StoreError, match="page nope: not in the archive"):
        store.read_page("nope")


def test_documents_and_the_secret_are_kept(store):
    assert store.state("model") is None
    store.set_state("model", {"a": [1, 2]})
    store.set_state("model", {"a": [3]})
    assert store.state("model") == {"a": [3]}
    assert store.secret() == Store(store.root).secret()
    assert len(store.secret()) == 32


def test_the_version_changes_with_any_table_and_not_by_reading(store):
    before = store.version()
    store.merge("posts", frame("posts", post(1)))
    after = store.version()
    store.scan("posts").collect()
    assert before != after
    assert store.version() == after


def test_a_damaged_table_is_named_with_its_cure(store, tmp_path):
    store.merge("posts", frame("posts", post(1)))
    log = tmp_path / "lake" / "posts" / "_delta_log"
    for file in log.iterdir():
        file.write_bytes(b"{broken")
    with pytest.raises(StoreError, match=r"(?s)posts.*vigie replay"):
        store.scan("posts").collect()


def _write_forever(root):
    store, number = Store(root), 0
    while True:
        store.merge("posts", frame("posts", *(post(number + k) for k in range(50))))
        number += 50


def _write_block(root, writer):
    rows = (post(f"{writer}-{k}") for k in range(20))
    Store(root).merge("posts", frame("posts", *rows))


def test_a_killed_writer_leaves_the_last_good_version(store):
    context = multiprocessing.get_context("spawn")
    for delay_s in (0.3, 0.5, 0.8):
        writer = context.Process(target=_write_forever, args=(store.root,))
        writer.start()
        while store.scan("posts").collect().is_empty():
            time.sleep(0.05)
        time.sleep(delay_s)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        rows = store.scan("posts").collect()
        assert rows.height % 50 == 0
        assert rows["post_id"].n_unique() == rows.height
    assert store.merge("posts", frame("posts", post("after"))) == 1


def test_writers_at_the_same_time_lose_nothing(store):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_block, args=(store.root, n)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert store.scan("posts").collect()["post_id"].n_unique() == 80


def _write_alike(root):
    rows = (post(f"same-{k}") for k in range(20))
    Store(root).merge("posts", frame("posts", *rows))


def test_writers_of_the_same_new_rows_at_the_same_time_double_none(store):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_alike, args=(store.root,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    assert store.scan("posts").collect().height == 20


def test_new_rows_are_not_appended_to_a_version_that_another_commit_left_behind(store):
    store.merge("posts", frame("posts", post("first")))
    stale = store._folder.must_open("posts")
    store.merge("posts", frame("posts", post("second")))
    rows = arranged("posts", frame("posts", post("second")))
    with pytest.raises(CommitFailedError):
        store._folder.append(stale, rows)
    assert store.scan("posts").collect().height == 2


def test_a_lake_older_than_a_column_takes_new_rows(store):
    old = arranged("metrics", frame("metrics", metric(1))).drop("saves")
    store._folder.write("metrics", old, "append")
    assert store.insert("metrics", frame("metrics", metric(2))) == 1
    assert store.insert("metrics", frame("metrics", metric(2), metric(3))) == 1
    assert store.scan("metrics").collect().height == 3
