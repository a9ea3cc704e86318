"""The lake: the only code that knows where things lie.

One Delta table a contract, on a local folder or on S3. Every write is one atomic commit: a
reader, or a run after a kill, sees the last good version. Merges are idempotent. Tables with a
time in PARTITION are cut by month, and a merge names its months so that it opens no other.
"""

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from data import lock, pseudonyms
from data.contracts import arranged, contract_of
from data.delta import MONTH, WRITER, Folder, StoreError, months_are, streamed
from data.records import Capture
from data.settings import settings
from data.tables import INTERNAL, TABLES
from data.tables.core import PARTITION


def hashed(*parts: str | bytes) -> str:
    """128 bits of BLAKE2b over the parts, as hex."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()


class Store:
    """Tables under one root, each held to its contract on every write."""

    def __init__(self, root: str | Path) -> None:
        self.root = str(root).rstrip("/")
        if "://" not in self.root:
            self.root = str(Path(self.root).expanduser().absolute())
        options = settings().lake_options
        self._folder = Folder(
            self.root, {name: value.get_secret_value() for name, value in options.items()}
        )

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def scan(self, table: str) -> pl.LazyFrame:
        """The table's rows with exactly the contract's columns; no rows if never written."""
        contract = contract_of(table)
        empty = contract.create_empty()
        delta = self._folder.open(table)
        if delta is None:
            return empty.lazy()
        frame = pl.scan_delta(delta)
        stored = frame.collect_schema()
        return frame.select(
            (pl.col(name) if name in stored else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in empty.schema.items()
        )

    def version(self) -> str:
        """Changes whenever any table changes."""
        versions = {name: delta.version() for name in TABLES if (delta := self._folder.open(name))}
        return hashed(json.dumps(versions))

    def version_of(self, table: str) -> int:
        """Grows with every write to the table; -1 where there was none."""
        delta = self._folder.open(table)
        return -1 if delta is None else delta.version()

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def merge(self, table: str, frame: pl.DataFrame) -> int:
        """Insert rows and overwrite those whose key is there; the number of rows inserted."""
        return self._upsert(table, frame, overwrite=True)

    def insert(self, table: str, frame: pl.DataFrame) -> int:
        """Insert the rows whose key is not there yet; the number of rows inserted."""
        return self._upsert(table, frame, overwrite=False)

    def replace(self, table: str, frame: pl.DataFrame, months: Sequence[str] | None = None) -> None:
        """Make the frame the whole table, or the whole of the named "YYYY-MM" partitions."""
        rows, predicate = arranged(table, frame), None
        if months is not None:
            if table not in PARTITION:
                raise StoreError(f"{table}: is not cut by month; replace it whole")
            if strays := set(rows[MONTH].unique()) - set(months):
                raise StoreError(f"{table}: rows of {sorted(strays)} beside the months {months}")
            if self._folder.open(table) is not None:
                predicate = months_are(months)
        self._folder.commit(lambda: self._folder.write(table, rows, "overwrite", predicate))

    def replace_in_parts(self, table: str, parts: Sequence[pl.LazyFrame]) -> None:
        """Make the parts together the whole table; one at a time is in memory. Keys are apart."""
        faults: list[StoreError] = []

        def frames() -> Iterator[pl.DataFrame]:
            try:
                for part in parts or [contract_of(table).create_empty().lazy()]:
                    yield arranged(table, part.collect())
            except StoreError as fault:  # the writer hands on but its name
                faults.append(fault)
                raise

        try:
            self._folder.commit(lambda: self._folder.write(table, streamed(frames()), "overwrite"))
        except StoreError as error:
            raise faults[-1] if faults else error from None

    def _upsert(self, table: str, frame: pl.DataFrame, *, overwrite: bool) -> int:
        rows = arranged(table, frame)
        if rows.is_empty():
            return 0
        self._create(table)
        key = contract_of(table).primary_key()
        on = [f"t.{column} = s.{column}" for column in key]

        def commit() -> int:
            delta = self._folder.must_open(table)
            where = on
            there = pl.scan_delta(delta)
            if table in PARTITION:
                months = set(rows[MONTH].unique()) | self._months_of(table, rows.select(key))
                where = [months_are(sorted(months), "t."), *on]
                there = there.filter(pl.col(MONTH).is_in(list(months)))
            known = there.select(key).join(rows.lazy(), on=key, how="semi")
            if known.head(1).collect().is_empty():
                self._folder.append(delta, rows)
                return rows.height
            merger = delta.merge(
                rows,
                " AND ".join(where),
                source_alias="s",
                target_alias="t",
                merge_schema=True,  # a lake may be older than a column
                writer_properties=WRITER,
            )
            if overwrite:
                merger = merger.when_matched_update_all()
            return int(merger.when_not_matched_insert_all().execute()["num_target_rows_inserted"])

        return self._folder.commit(commit)

    def remove(self, table: str, rows: pl.DataFrame) -> int:
        """Take out the rows that are equal to these in all of their columns; how many.

        The columns hold no nulls. The bytes are gone after `purge`.
        """
        if rows.is_empty() or self._folder.open(table) is None:
            return 0
        where = " AND ".join(f"t.{column} = s.{column}" for column in rows.columns)

        def commit() -> int:
            merger = self._folder.must_open(table).merge(
                rows.unique(), where, source_alias="s", target_alias="t", writer_properties=WRITER
            )
            return int(merger.when_matched_delete().execute()["num_target_rows_deleted"])

        return self._folder.commit(commit)

    def purge(self, tables: Iterable[str] = (*TABLES, *INTERNAL)) -> None:
        """Leave nothing on disk but the rows of today. Only inside `data.lock.alone`."""
        for table in tables:
            self._folder.purge(table)

    def _create(self, table: str) -> None:
        if self._folder.open(table) is None:
            empty = arranged(table, contract_of(table).create_empty())
            self._folder.commit(lambda: self._folder.write(table, empty, "ignore"))

    def _months_of(self, table: str, keys: pl.DataFrame) -> set[str]:
        """Months where these keys lie now: a time learned later moves a row to another one."""
        if not contract_of(table).columns()[PARTITION[table]].nullable:
            return set()
        found = pl.scan_delta(self._folder.must_open(table)).join(
            keys.lazy(), on=keys.columns, how="semi"
        )
        return set(found.select(pl.col(MONTH).unique()).collect()[MONTH])

    # ── pages ────────────────────────────────────────────────────────────────────────────────

    def archive(self, captures: Sequence[Capture]) -> list[str]:
        """Keep pages as served; the same content is kept once. The page_ids, in order."""
        hashes = [hashed(capture.body) for capture in captures]
        known = self._known_hashes(hashes)
        rows = {}
        page_ids = []
        for capture, content_hash in zip(captures, hashes, strict=True):
            page_id = hashed(
                capture.channel_id, capture.fetch, capture.fetched_at.isoformat(), content_hash
            )
            page_ids.append(page_id)
            if page_id in rows:
                continue
            gone = capture.erased is not None and not capture.body
            rows[page_id] = {
                "page_id": page_id,
                "channel_id": capture.channel_id,
                "run_id": capture.run_id,
                "url": capture.url,
                "fetch": capture.fetch,
                "fetched_at": capture.fetched_at,
                "status": capture.status,
                "content_type": capture.content_type,
                "bytes": len(capture.body),
                "content_hash": content_hash,
                "body": None if content_hash in known or gone else capture.body,
                "erased": capture.erased,
            }
            if not gone:
                known.add(content_hash)
        schema = contract_of("pages").create_empty().schema
        self.insert("pages", pl.DataFrame(list(rows.values()), schema=schema))
        return page_ids

    def _known_hashes(self, hashes: Iterable[str]) -> set[str]:
        kept = self.scan("pages").filter(
            pl.col("content_hash").is_in(list(set(hashes))), pl.col("body").is_not_null()
        )
        return set(kept.select("content_hash").collect()["content_hash"])

    def read_page(self, page_id: str) -> Capture:
        """One archived page.

        Raises:
            StoreError: no such page, or its content was erased.
        """
        pages = self.scan("pages")
        found = pages.filter(pl.col("page_id") == page_id).collect()
        if found.is_empty():
            raise StoreError(f"page {page_id}: not in the archive; `vigie export pages` lists it")
        row = found.row(0, named=True)
        if row["body"] is None:
            same = pages.filter(
                pl.col("content_hash") == row["content_hash"], pl.col("body").is_not_null()
            )
            bodies = same.select("body").head(1).collect()["body"]
            if bodies.is_empty():
                raise StoreError(f"page {page_id}: its content was erased")
            row["body"] = bodies[0]
        return Capture(**{name: row[name] for name in Capture.__struct_fields__})

    def maintain(self, most_files: int = 64) -> None:
        """Put small files together where a table has many; drop those long out of use.

        While others write, nothing is dropped: the next run does it.
        """
        tables = (*TABLES, *INTERNAL)
        for table in tables:
            self._folder.compact(table, most_files)
        with contextlib.suppress(lock.BusyError), lock.alone(self.root, 0):
            for table in tables:
                self._folder.sweep(table, settings().versions_kept_h)

    # ── small documents ──────────────────────────────────────────────────────────────────────

    def state(self, name: str) -> dict[str, Any] | None:
        """A JSON document kept beside the tables (a fitted model, a mark), or None."""
        found = self.scan("state").filter(pl.col("name") == name).collect()
        return None if found.is_empty() else json.loads(found["value"][0])

    def set_state(self, name: str, value: dict[str, Any]) -> None:
        """Keep a JSON document under a name."""
        self.merge("state", _state_row(name, value))

    def secret(self) -> bytes:
        """The ring of keys of the lake's pseudonyms, made on first use (data/pseudonyms.py)."""
        if self.secret_if_made() is None:
            self.set_secret(pseudonyms.fresh_key(), first=True)
        if (kept := self.secret_if_made()) is None:
            raise StoreError(f"{self.root}: the pseudonym key can't be kept; is the lake writable?")
        return kept

    def secret_if_made(self) -> bytes | None:
        """The ring of keys, or None where none was made yet."""
        try:
            if "://" not in self.root and (kept := pseudonyms.read(self.root)) is not None:
                return kept
        except ValueError as error:
            told = f"{self.root}/{pseudonyms.FILE}: damaged; bring it back from a copy"
            raise StoreError(told) from error
        document = self.state("secret")  # on S3, and in lakes of before
        return None if document is None else bytes.fromhex(document["key"])

    def set_secret(self, ring: bytes, *, first: bool = False) -> None:
        """Keep the ring of keys; `first` leaves one that another process has just made."""
        if "://" not in self.root:
            pseudonyms.keep(self.root, ring, first=first)
            self.remove("state", pl.DataFrame({"name": ["secret"]}))
            return
        keep = self.insert if first else self.merge
        keep("state", _state_row("secret", {"key": ring.hex()}))


def _state_row(name: str, value: dict[str, Any]) -> pl.DataFrame:
    row = {"name": name, "value": json.dumps(value), "updated_at": datetime.now(UTC)}
    return pl.DataFrame([row])
