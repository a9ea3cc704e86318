"""Repair of a damaged lake: what is damaged goes to its quarantine, the rest is built again.

Nothing is deleted. What the archive holds comes back by a replay, out tables by a full build; what
comes back from neither is named.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import polars as pl

from crawlers.replay import TABLES as REPLAYED
from crawlers.replay import replay
from data import lock, soundness
from data.store import Store
from data.tables import CORE, INTERNAL, OUT
from flows import build
from flows.crawl import latest_run
from flows.erasing import forget, rotation
from flows.repair.doctor import Finding, Look, examine
from flows.words.problems import FellShort

PATIENCE_S: Final = 5.0
PASSES: Final = 3
"""Looks at the files: behind a log that was mended, its files show their own damage."""
LISTINGS: Final = "listings:"


def mend(store: Store, step: Look = lambda _: None) -> dict[str, int]:
    """Repair the lake; rows that could not be brought back, by table.

    Of a table whose log lost commits, nobody knows the rows: it is named with -1.

    Raises:
        FellShort: others write to the lake.
    """
    try:
        with lock.alone(store.root, PATIENCE_S):
            return _mend(store, step)
    except lock.BusyError:
        raise FellShort(
            "{lake}: somebody is writing there; try again when it is done", lake=store.root
        ) from None


def _mend(store: Store, step: Look) -> dict[str, int]:
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    lost: dict[str, int] = {}
    for _ in range(PASSES):
        found = examine(store, step)
        for finding in found:
            _set_aside(Path(store.root), finding, stamp, lost)
        if not any(finding.files for finding in found):
            break
    for finding in found:
        _mend_rows(store, finding, stamp)
    if "pages" in lost or any(finding.pages for finding in found):
        _ask_anew(store)
    forget.complete(store)
    rotation.complete(store)
    touched = {*lost, *(finding.table for finding in found if finding.is_damage)} - {""}
    if touched:
        _rebuild(store, touched, lost, step)
    return {table: rows for table, rows in lost.items() if rows}


def _set_aside(root: Path, finding: Finding, stamp: str, lost: dict[str, int]) -> None:
    if finding.kind == "log":
        soundness.set_aside(root, list(finding.files), stamp)
        if not any((root / finding.table / soundness.LOG).glob("*.json")):
            soundness.set_aside(root, [root / finding.table], stamp)
        lost[finding.table] = -1
    elif finding.kind == "file":
        soundness.set_aside(root, list(finding.files), stamp)
        soundness.drop_missing(root, finding.table)
        rows, before = finding.values["rows"], lost.get(finding.table, 0)
        lost[finding.table] = -1 if rows == "?" or before < 0 else before + rows
    elif finding.kind == "open":
        Path(finding.values["file"]).chmod(0o600)


def _mend_rows(store: Store, finding: Finding, stamp: str) -> None:
    if finding.kind == "doubled":
        rows = store.scan(finding.table).collect()
        key = ({**CORE, **OUT, **INTERNAL})[finding.table].primary_key()
        soundness.keep_copy(
            Path(store.root), rows.filter(pl.struct(key).is_duplicated()), finding.table, stamp
        )
        store.replace(finding.table, rows.unique(key, keep="last"))
    elif finding.pages:
        rows = store.scan("pages").filter(pl.col("page_id").is_in(finding.pages)).collect()
        soundness.keep_copy(Path(store.root), rows, f"pages-{finding.kind}", stamp)
        gone = {"body": pl.lit(None, pl.Binary), "erased": pl.lit("damaged")}
        store.merge("pages", rows.with_columns(**gone))
        if finding.kind == "altered":  # pages of the same content had their bytes there
            heirs = soundness.emptied_pages(store)
            rows = store.scan("pages").filter(pl.col("page_id").is_in(heirs)).collect()
            store.merge("pages", rows.with_columns(**gone))


def _ask_anew(store: Store) -> None:
    """Let the next crawl ask for every page in full: "not modified" would bring nothing back."""
    store.replace("validators", INTERNAL["validators"].create_empty())
    names = store.scan("state").select("name").collect()["name"]
    for name in names.filter(names.str.starts_with(LISTINGS)):
        store.set_state(name, {})


def _rebuild(store: Store, touched: set[str], lost: dict[str, int], step: Look) -> None:
    if touched & {*CORE, "state", "erasures"}:
        before = {table: store.scan(table).select(pl.len()).collect().item() for table in REPLAYED}
        step("replay")
        replay(store)  # here: a process of its own would wait for our lock
        for table, rows in before.items():
            back = store.scan(table).select(pl.len()).collect().item() - rows
            if lost.get(table, 0) > 0:
                lost[table] = max(lost[table] - back, 0)
    step("build")
    if (at := latest_run(store)) is not None:
        timezone = (store.state("market") or {}).get("timezone", "UTC")
        build.build_lake(store, at, timezone, full=True)
        for table in OUT:
            lost.pop(table, None)
