"""The page archive as WARC/1.1, the format of the web archives."""

import io
from http import HTTPStatus
from typing import IO, Any, Final
from uuid import UUID

import polars as pl

from data.store import Store
from flows.words.problems import Unusable

CHUNK: Final = 200
"""Pages whose bodies are in memory at once."""
INFO: Final = {
    "software": "Vigie",
    "format": "WARC File Format 1.1",
    "description": "bodies as decoded; the headers kept are the status and the content type",
}


def write(store: Store, out: IO[bytes]) -> int:
    """Every archived page as a gzipped `response` record, oldest first; the number written.

    Pages whose content was erased are left out.
    """
    try:
        from warcio.warcwriter import WARCWriter
    except ImportError:
        raise Unusable("warc needs an extra: pip install 'vigie[export]'") from None
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    writer.write_record(writer.create_warcinfo_record("vigie.warc.gz", INFO))
    pages = store.scan("pages")
    heads = pages.drop("body").sort("fetched_at", "page_id").collect()
    written = 0
    for chunk in heads.iter_slices(CHUNK):
        bodies = _bodies(pages, chunk)
        for page in chunk.iter_rows(named=True):
            if (body := bodies.get(page["content_hash"])) is not None:
                writer.write_record(_record(writer, page, body))
                written += 1
    return written


def _bodies(pages: pl.LazyFrame, chunk: pl.DataFrame) -> dict[str, bytes]:
    held = pages.filter(
        pl.col("body").is_not_null(), pl.col("content_hash").is_in(chunk["content_hash"].to_list())
    )
    return dict(held.select("content_hash", "body").collect().iter_rows())


def _record(writer: Any, page: dict[str, Any], body: bytes) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    known = {status.value: status.phrase for status in HTTPStatus}
    headers = [("Content-Length", str(len(body)))]
    if page["content_type"]:
        # One line, whatever the server said: a header must not be able to begin another.
        kind = "".join(sign for sign in page["content_type"] if sign.isprintable())
        headers.insert(0, ("Content-Type", kind))
    status = f"{page['status']} {known.get(page['status'], '')}".strip()
    return writer.create_warc_record(
        page["url"],
        "response",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": f"{page['fetched_at']:%Y-%m-%dT%H:%M:%S.%fZ}",
            "WARC-Record-ID": f"<urn:uuid:{UUID(hex=page['page_id'][:32])}>",
        },
    )
