"""A lake takes no more room than its rows: files in few pieces, what was replaced gone in a day."""

import os
from pathlib import Path

from data import lock
from data.settings import settings
from tests.data.rows import frame, metric


def test_maintenance_puts_files_together_and_loses_nothing(store):
    for number in range(8):
        store.insert("metrics", frame("metrics", metric(number)))
    store.maintain(most_files=4)
    assert len(store._folder.must_open("metrics").file_uris()) == 1
    assert store.scan("metrics").collect().height == 8


def on_disk(store, table, what="*.parquet"):
    return sorted((Path(store.root) / table).rglob(what))


def test_what_was_replaced_goes_a_day_later_and_not_before(store, monkeypatch):
    for number in range(3):
        store.replace("metrics", frame("metrics", metric(number)))
    left = on_disk(store, "metrics")[0].with_name("begun-by-a-killed-writer.parquet")
    left.write_bytes(b"PAR1")
    store.maintain()
    assert len(on_disk(store, "metrics")) == 4
    monkeypatch.setenv("VIGIE_VERSIONS_KEPT_H", "0")
    settings.cache_clear()
    reader = store.scan("metrics").collect()
    store.maintain()
    assert len(on_disk(store, "metrics")) == 1
    assert store.scan("metrics").collect().equals(reader)
    before = store.version()
    store.maintain()
    assert store.version() == before


def test_nothing_is_dropped_while_somebody_writes(store, monkeypatch):
    monkeypatch.setenv("VIGIE_VERSIONS_KEPT_H", "0")
    settings.cache_clear()
    for number in range(2):
        store.replace("metrics", frame("metrics", metric(number)))
    with lock.shared(store.root):
        store.maintain()
    assert len(on_disk(store, "metrics")) == 2


def test_the_log_of_a_table_stays_short(store):
    for number in range(50):
        if number == 5:
            store.maintain()
        store.replace("metrics", frame("metrics", metric(number)))
        for file in on_disk(store, "metrics", "_delta_log/*"):
            os.utime(file, (0, 0))
    assert len(on_disk(store, "metrics", "_delta_log/*.json")) <= 25
    assert store.scan("metrics").collect().height == 1
