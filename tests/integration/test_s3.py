"""The same lake on S3: the same rows as in a folder, and writers at once that lose nothing.

An S3 server with conditional puts must run on loopback, its credentials in the environment.
Without VIGIE_TEST_SERVERS=1 these tests are skipped.
"""

import json
import multiprocessing
import os
import uuid

import polars as pl
import pytest
from pyarrow import fs

from data.market import Market, serve, watchlist_yaml
from data.settings import settings
from data.store import Store
from tests.integration.command import vigie
from tests.integration.rows import differing

ADDRESS = os.environ.get("VIGIE_TEST_S3", "http://127.0.0.1:8333")
KEY = os.environ.get("VIGIE_TEST_S3_KEY", "lakeadmin")
SECRET = os.environ.get("VIGIE_TEST_S3_SECRET", "lakesecret123")
OPTIONS = {
    "AWS_ENDPOINT_URL": ADDRESS, "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true", "aws_conditional_put": "etag",
}  # fmt: skip
WRITERS, ROUNDS, ROWS = 8, 3, 20

pytestmark = [
    pytest.mark.servers,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        os.environ.get("VIGIE_TEST_SERVERS") != "1",
        reason="needs real servers on loopback; start them and set VIGIE_TEST_SERVERS=1",
    ),
]


@pytest.fixture
def bucket(monkeypatch):
    """A fresh lake on S3."""
    monkeypatch.setenv("VIGIE_LAKE_OPTIONS", json.dumps(OPTIONS))
    settings.cache_clear()
    server = fs.S3FileSystem(
        access_key=KEY, secret_key=SECRET, endpoint_override=ADDRESS, region="us-east-1",
        allow_bucket_creation=True,
    )  # fmt: skip
    name = f"vigie-{uuid.uuid4().hex[:12]}"
    server.create_dir(name)
    yield f"s3://{name}/lake"
    settings.cache_clear()


def test_a_lake_on_s3_holds_what_a_folder_holds(bucket, tmp_path):
    market = Market(11, days=60)
    folder = str(tmp_path / "lake")
    with serve(market) as server:
        server.now = market.end
        watchlist = tmp_path / "watchlist.yaml"
        watchlist.write_text(watchlist_yaml(market, server.base_url), encoding="utf-8")
        for lake in (folder, bucket):
            vigie("crawl", watchlist, "--lake", lake, "--now", market.end.isoformat())
            vigie("build", "--lake", lake)
    here, there = Store(folder), Store(bucket)
    assert here.scan("posts").collect().height > 300
    assert differing(here, there) == {}
    for table in ("pages", "members"):
        assert here.scan(table).collect().height == there.scan(table).collect().height > 0
    for told in ("export", "posts", "--format", "csv"), ("replay",):
        vigie(*told, "--lake", bucket)
    refused = vigie("doctor", "--lake", bucket, expect={2})
    assert "only a lake in a folder" in refused.stdout + refused.stderr
    assert not there.scan("restatements").collect().height
    done = vigie("show", "kpi", "maison-alpine/all/28d/posts_per_week", "--lake", bucket)
    assert SECRET not in done.stdout + done.stderr


def write(root, writer):
    """Rows of one's own, and rows that everybody writes."""
    store = Store(root)
    for number in range(ROUNDS):
        own = [f"{writer}-{number}-{row}" for row in range(ROWS)]
        store.merge("references", references([*own, *(f"shared-{row}" for row in range(5))]))


def references(names):
    row = {"kpi": "engagement_rate", "platform": "all", "value": 0.02, "source": "s", "year": 2025}
    return pl.DataFrame([{"name": name, **row, "url": None} for name in names])


def test_eight_writers_at_once_lose_and_double_nothing(bucket):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write, args=(bucket, n)) for n in range(WRITERS)]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0] * WRITERS
    names = Store(bucket).scan("references").collect()["name"]
    assert names.n_unique() == names.len() == WRITERS * ROUNDS * ROWS + 5
