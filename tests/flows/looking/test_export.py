import base64
import io
import json
import zipfile
from datetime import timedelta
from xml.etree import ElementTree as ET

import polars as pl
import pytest
from warcio.archiveiterator import ArchiveIterator

from data.tables import TABLES
from flows.looking.export import export
from flows.words.problems import Unusable
from tests.data.rows import T0, frame, metric, post
from tests.flows.lakes import BODY, capture, fill

HOSTILE = [
    "=1+1", "+33 6", "-5 %", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")', "\n=1+1",
    " =1+1", "\ufeff=1+1", "\u200b=1+1", "\x00=1+1", "\uff1d1+1", "\xa0@SUM(A1)",
]  # fmt: skip


def written(store, table, form):
    out = io.BytesIO()
    rows = export(store, table, form, out)
    return rows, out.getvalue()


def cells(book):
    """Every text that a workbook shows, and whether it holds any formula."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        shared = ET.fromstring(archive.read("xl/sharedStrings.xml"))
        sheet = archive.read("xl/worksheets/sheet1.xml")
    texts = ["".join(item.itertext()) for item in shared]
    return texts, b"<f>" in sheet


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula(store, text):
    store.merge("posts", frame("posts", post(1, text=text, title="a=b", hashtags=[text])))
    _, csv = written(store, "posts", "csv")
    back = pl.read_csv(io.BytesIO(csv))
    assert back["text"][0] == f"'{text}"
    assert back["title"][0] == "a=b"
    assert json.loads(back["hashtags"][0]) == [text]
    texts, has_formula = cells(written(store, "posts", "xlsx")[1])
    assert not has_formula
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in texts)
    assert "a=b" in texts


def test_negative_numbers_stay_numbers(store):
    fill(store)
    schema = TABLES["post_features"].create_empty().schema
    row = store.scan("post_features").collect().with_columns(sentiment=pl.lit(-0.5))
    store.replace("post_features", row.select(schema.names()))
    back = pl.read_csv(io.BytesIO(written(store, "post_features", "csv")[1]))
    assert back["sentiment"].to_list() == [-0.5, -0.5]


def test_parquet_gives_the_table_back(store):
    fill(store)
    rows, parquet = written(store, "metrics", "parquet")
    assert rows == 3
    assert pl.read_parquet(io.BytesIO(parquet)).equals(
        store.scan("metrics").sort("post_id", "observed_at").collect()
    )


def test_json_is_one_object_a_line_with_nulls_and_lists(store):
    fill(store)
    rows, text = written(store, "posts", "json")
    lines = [json.loads(line) for line in text.splitlines()]
    assert rows == len(lines) == 2
    assert lines[0]["published_at"] == "2026-11-01T12:00:00.000000Z"
    assert lines[0]["duration_s"] is None
    assert lines[0]["hashtags"] == ["bivouac"]


def test_rows_come_in_the_order_of_their_key(store):
    later = T0 + timedelta(days=1)
    store.merge("metrics", frame("metrics", metric(2), metric(1, later), metric(1)))
    _, text = written(store, "metrics", "json")
    keys = [(line["post_id"], line["observed_at"]) for line in map(json.loads, text.splitlines())]
    assert keys == sorted(keys)


def test_every_table_exports_empty_in_every_format(store):
    for table in TABLES:
        for form in ("csv", "parquet", "json", "xlsx"):
            assert written(store, table, form)[0] == 0, (table, form)


def test_pages_come_without_bodies_in_cells_and_with_them_in_json(store):
    fill(store)
    assert b"body" not in written(store, "pages", "csv")[1].splitlines()[0]
    bodies = [json.loads(line)["body"] for line in written(store, "pages", "json")[1].splitlines()]
    assert bodies.count(None) == 1
    assert base64.b64encode(BODY).decode() in bodies


def test_warc_holds_every_page_even_where_the_content_is_kept_once(store):
    fill(store)
    store.archive([capture(3, body=b"gone", status=404)])
    rows, warc = written(store, "pages", "warc")
    assert rows == 3
    info, *records = [
        (
            record.rec_type,
            record.rec_headers.get_header("WARC-Target-URI"),
            record.rec_headers.get_header("WARC-Date"),
            record.http_headers and record.http_headers.get_statuscode(),
            record.content_stream().read(),
        )
        for record in ArchiveIterator(io.BytesIO(warc))
    ]
    assert info[0] == "warcinfo"
    url = "https://crete.example/blog/feed?page="
    assert records == [
        ("response", f"{url}1", "2026-11-01T12:01:00.000000Z", "200", BODY),
        ("response", f"{url}2", "2026-11-01T12:02:00.000000Z", "200", BODY),
        ("response", f"{url}3", "2026-11-01T12:03:00.000000Z", "404", b"gone"),
    ]


@pytest.mark.parametrize(
    ("table", "form", "part"),
    [
        ("nothing", "csv", "no table is called nothing; there are entities"),
        ("posts", "doc", "no format is called doc; there are csv"),
        ("posts", "warc", "warc holds pages"),
    ],
)
def test_what_can_not_be_exported_is_said(store, table, form, part):
    with pytest.raises(Unusable, match=part):
        export(store, table, form, io.BytesIO())
