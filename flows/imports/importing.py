"""From a file to what it would write: read whole, shown, and only then entered."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Final

import polars as pl
from msgspec import Struct, field

from crawlers.imports import collected, insights, letters, posts
from crawlers.imports.lines import Clock, Line, lines_of
from crawlers.imports.posts import Origin
from crawlers.imports.problems import Bad, LetterError
from crawlers.imports.sheet import ZIP, sheets
from crawlers.imports.table import Table, table_of
from crawlers.registry import claimants
from data.store import Store
from flows.imports import imported
from flows.imports.imported import File, Owner, Part
from flows.words.problems import Unusable

STEM: Final = 8
CSV: Final = "text/csv"
PACKED: Final = "application/zip"
LETTER: Final = "message/rfc822"


class Choices(Struct, frozen=True):
    """What the user said of the file; see the options of `vigie import`."""

    maps: Mapping[str, str] = field(default_factory=dict)
    channel: str | None = None
    sheet: str | None = None
    order: str | None = None
    zone: tzinfo | None = None
    role: str | None = None

    def asked(self) -> dict[str, Any]:
        """As it is kept beside the page: the same file read otherwise is another page."""
        zone = str(self.zone) if self.zone else None
        return {"maps": dict(self.maps), "channel": self.channel, "sheet": self.sheet,
                "dates": self.order, "timezone": zone}  # fmt: skip


class Report(Struct):
    """What was understood of a file. `lines` counts those that hold something."""

    title: str
    lines: int
    columns: list[tuple[str, str]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    totals: int = 0
    doubles: int = 0
    bad: list[Bad] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class Written(Struct, frozen=True):
    """What an import added and what it replaced."""

    new: int
    replaced: int = 0


class Read(Struct, frozen=True):
    """A file, read; `enter` writes it, or gives None where the lake holds it already."""

    report: Report
    enter: Callable[[], Written | None]


def read_table(
    store: Store, kind: str, owner: Owner, name: str, body: bytes, at: datetime, choices: Choices
) -> Read:
    """A table of posts or of figures.

    Raises:
        SheetError, Unusable: it can't be read, or does not say what is needed.
    """
    table = table_of(sheets(body), choices.maps, choices.sheet)
    made_at = imported.made_before(store, body) or at
    lines, bad = lines_of(table, Clock(made_at, choices.zone, choices.order))
    report = Report(
        table.family.title, len(table.rows), table.shown(), table.unread(), table.totals, bad=bad
    )
    packed = PACKED if body.startswith(ZIP) else CSV
    file = File(name, f"file:{name}", kind, packed, choices.asked())
    part = Part("", "", made_at, body)
    if kind == "insights":
        return _insights(store, owner, file, part, table, lines, choices, report)
    return _posts(store, owner, file, part, table, lines, choices, report)


def _posts(  # noqa: PLR0913, PLR0917 - what one file's reading is made of
    store: Store, owner: Owner, file: File, part: Part, table: Table, lines: Sequence[Line],
    choices: Choices, report: Report,
) -> Read:  # fmt: skip
    posts.require_posts(table)
    origin = _origin(store, owner, file, part, table, lines, choices)
    listed, bad, report.doubles = posts.posts_of(table, lines, origin)
    report.bad += bad
    parts = [
        Part(origin.platform, one.account, part.made_at, part.body, one.posts, one.metrics)
        for one in listed
    ]
    report.counts = {"posts": sum(len(one.posts) for one in parts), "channels": len(parts)}
    return _entering(store, owner, file, parts, report)


def _entering(store: Store, owner: Owner, file: File, parts: list[Part], report: Report) -> Read:
    """A reading whose posts are to be entered."""
    imported.check_owned(store, owner, [part.channel_id for part in parts])

    def enter() -> Written | None:
        new = imported.enter_posts(store, owner, file, parts) if parts else None
        return None if new is None else Written(new)

    return Read(report, enter)


def _insights(  # noqa: PLR0913, PLR0917 - what one file's reading is made of
    store: Store, owner: Owner, file: File, part: Part, table: Table, lines: Sequence[Line],
    choices: Choices, report: Report,
) -> Read:  # fmt: skip
    insights.require_insights(table)
    platform = _platform(table, lines, choices) if insights.by_post(table) else ""
    origin = Origin(platform, None, _stem(part.body), file.name)
    known = known_posts(store, platform)
    rows, bad, report.doubles, matched = insights.insights_of(
        table, lines, origin, known, Clock(part.made_at, choices.zone)
    )
    report.bad += bad
    report.counts = {"insights": len(rows), "posts known": matched}

    def enter() -> Written | None:
        done = imported.enter_insights(store, owner, file, rows, part) if rows else None
        return None if done is None else Written(*done)

    return Read(report, enter)


def _origin(
    store: Store, owner: Owner, file: File, part: Part, table: Table, lines: Sequence[Line],
    choices: Choices,
) -> Origin:  # fmt: skip
    """Where the posts were published: as told, as the file says, or on the only known channel."""
    platform = _platform(table, lines, choices)
    account = (choices.channel or "").partition(":")[2] or None
    named = {line.values["account"] for line in lines if "account" in line.values}
    known = imported.channels_of(store, owner.entity_id, platform)
    if account is None and len(named) <= 1 and len(known) == 1:
        account = known[0]
    return Origin(platform, account, _stem(part.body), file.name)


def _platform(table: Table, lines: Sequence[Line], choices: Choices) -> str:
    """The platform: as told, as the export's kind says, or as its addresses do.

    Raises:
        Unusable: none of them does.
    """
    told = (choices.channel or "").partition(":")[0]
    if told or table.family.platform:
        return told or str(table.family.platform)
    for line in lines:
        names = [name for name, _ in claimants(str(line.values.get("url", "")))]
        if len(names) == 1:
            return names[0]
    raise Unusable("the file does not say which platform it is of: add --channel PLATFORM:ACCOUNT")


def _stem(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=STEM).hexdigest()


def known_posts(store: Store, platform: str) -> insights.Known:
    """A look-up of the lake's posts of one platform, by native id or address."""
    rows = store.scan("posts").filter(pl.col("post_id").str.starts_with(f"{platform}:"))
    found: dict[str, tuple[str, date | None]] = {}
    for post_id, url, at in rows.select("post_id", "url", "published_at").collect().iter_rows():
        entry = (post_id, at.date() if at else None)
        found[post_id.partition(":")[2]] = entry
        found[_bare(url)] = entry
    return lambda native_id, url: found.get(native_id) or (found.get(_bare(url)) if url else None)


def _bare(url: str) -> str:
    """An address without scheme, www and what only tracks."""
    plain = url.partition("://")[2].removeprefix("www.").partition("?utm_")[0]
    return plain.rstrip("/")


def read_collected(store: Store, owner: Owner, name: str, body: bytes, choices: Choices) -> Read:
    """Posts that a browser add-on collected: those of the owner's accounts, nobody else's.

    Raises:
        Unusable: nothing says which of the accounts in the file are the owner's.
    """
    found = collected.authors_of(body)
    mine = {who: account for who in found if (account := _mine(store, owner, who, choices))}
    if not mine:
        shown = ", ".join(f"{platform}:{account}" for platform, account in list(found)[:SHOWN])
        raise Unusable(
            "none of the accounts in the file is known to be {entity}'s; name it with "
            "--channel; the file holds {known}", entity=owner.entity_id, known=shown or "-",
        )  # fmt: skip
    report = Report("Zeeschuimer", 0)
    groups: dict[tuple[str, str, str], dict[str, collected.Item]] = {}
    for item in collected.items_of(body, set(mine)):
        report.lines += 1
        if isinstance(item, Bad):
            report.bad.append(item)
        elif item is None:
            report.totals += 1
        else:
            group = groups.setdefault((item.platform, item.account, f"{item.at:%Y%m%d%H}"), {})
            report.doubles += item.post.native_id in group
            group[item.post.native_id] = item
    parts = [_gathered(mine[key[:2]], list(group.values())) for key, group in groups.items()]
    ids = {f"{part.platform}:{post.native_id}" for part in parts for post in part.posts}
    report.counts = {"posts": len(ids), "channels": len({part.channel_id for part in parts})}
    file = File(name, f"file:{name}", "posts", "application/x-ndjson", {})
    return _entering(store, owner, file, parts, report)


SHOWN: Final = 8


def _mine(store: Store, owner: Owner, who: tuple[str, str], choices: Choices) -> str | None:
    """The account in the writing of its channel, where it is the owner's."""
    platform, account = who
    told, _, name = (choices.channel or "").partition(":")
    names = [name.lstrip("@")] if told == platform else []
    known = [*imported.channels_of(store, owner.entity_id, platform), *names]
    return next((one for one in known if one.lower() == account), None)


def _gathered(account: str, items: list[collected.Item]) -> Part:
    """What was collected of one account within an hour, as one page."""
    metrics = [item.metrics for item in items if item.metrics is not None]
    return Part(
        items[0].platform, account, max(item.at for item in items),
        b"\n".join(item.kept for item in items) + b"\n", [item.post for item in items], metrics,
    )  # fmt: skip


def read_letters(store: Store, owner: Owner, messages: list[bytes], choices: Choices) -> Read:
    """Newsletters; those of one sender with `--channel newsletter:ADDRESS`.

    In a folder, letters that nothing shows to be mass mailings are not taken: they are named.
    """
    wanted = (choices.channel or "").partition(":")[2].lower()
    report = Report("newsletters", len(messages))
    found: dict[str, letters.Letter] = {}
    taken = 0
    for number, letter in letters.letters(messages):
        if isinstance(letter, LetterError):
            report.bad.append(Bad(number, letter))
        elif wanted not in {"", letter.sender}:
            report.totals += 1
        elif not (wanted or letter.is_mass or len(messages) == 1):
            report.bad.append(Bad(number, LetterError(PRIVATE)))
        else:
            taken += 1
            found[letter.post.native_id] = letter
    report.doubles = taken - len(found)
    ids = [f"newsletter:{native_id}" for native_id in found]
    held = imported.known_ids(store, ids)
    parts = [
        Part("newsletter", one.sender, one.post.published_at or datetime.now(UTC), one.body,
             [one.post])
        for key, one in found.items()
        if f"newsletter:{key}" not in held
    ]  # fmt: skip
    report.counts = {"posts": len(found), "channels": len({one.sender for one in found.values()})}
    file = File("newsletter", "", "newsletter", LETTER, {})
    return _entering(store, owner, file, parts, report)


PRIVATE: Final = (
    "may be a private letter: nothing says that it went to many; name its sender with "
    "--channel newsletter:ADDRESS"
)
