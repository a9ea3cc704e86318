"""Which files of a folder, each of which begins with its day, are older than they are kept."""

import contextlib
from datetime import date, timedelta
from pathlib import Path


def stale(folder: Path, today: date, kept_days: int) -> list[Path]:
    """Files `2026-01-31….jsonl` or `20260131….jsonl` of more than so many days ago.

    Counted from today or from the newest file, whichever is earlier: a clock that is years ahead
    for a moment makes none of them old.
    """
    days: dict[Path, date] = {}
    for file in folder.glob("*.jsonl"):
        with contextlib.suppress(ValueError):
            days[file] = date.fromisoformat(file.name[:10].replace("-", "")[:8])
    oldest = min([today, max(days.values(), default=today)]) - timedelta(days=kept_days)
    return [file for file, day in days.items() if day < oldest]
