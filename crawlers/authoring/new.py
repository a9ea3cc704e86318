"""The first file of a new platform: a class that reads what its page turned out to be."""

import keyword
import re
import textwrap
from collections.abc import Iterable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import structs

from crawlers.authoring import shapes
from crawlers.authoring.asking import NotHadError
from crawlers.authoring.outcome import SECRET, outcome
from crawlers.authoring.record import CASES, Recorded, record, vacant
from crawlers.formats import xml
from crawlers.formats.walls import is_html
from crawlers.platform import Page, Platform
from crawlers.registry import claimants, platforms
from data.records import Metrics, Post, Profile, Record

PLATFORMS: Final = Path(__file__).parents[1] / "platforms"
FIRST: Final = "first_page"
GONE: Final = (404, 410)
SHOWABLE: Final = frozenset(
    name
    for record_type in (Post, Metrics, Profile)
    for name, default in zip(
        record_type.__struct_fields__[::-1], record_type.__struct_defaults__[::-1], strict=False
    )
    if default is None
) - {"deleted_at"} | {"published_at"}
"""Fields that a platform may show or hide."""
NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,40}")


class RefusedPlatformError(Exception):
    """A platform that can't be begun; the message says why and what helps."""


class Blank(Platform):
    """Stands for a platform that isn't written yet, while its first page is fetched."""

    docs = "https://www.rfc-editor.org/rfc/rfc9309"

    def __init__(self, name: str) -> None:
        self.__dict__["name"] = name


def checked(name: str, url: str, folder: Path = PLATFORMS) -> None:
    """Whether a platform of this name and address may be begun.

    Raises:
        RefusedPlatformError: no such name, taken, or the address is none or claimed.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise RefusedPlatformError(
            f"{name}: a platform's name is small letters, digits and _, such as mynetwork"
        )
    if name in platforms() or (folder / f"{name}.py").exists():
        raise RefusedPlatformError(f"{name}: there is such a platform; choose another name")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RefusedPlatformError(f"{url}: give an account's address, such as https://a.example/x")
    if not parts.path.strip("/"):
        raise RefusedPlatformError(
            f"{url}: names no account; give the address of one, such as {url.rstrip('/')}/somebody"
        )
    known = platforms()
    taken = [who for who, _ in claimants(url) if not known[who].claims_last]
    if taken:
        raise RefusedPlatformError(
            f"{url}: {', '.join(taken)} already reads it; add a case instead: "
            f"python -m crawlers record {taken[0]} {url}"
        )


def begin(
    name: str, url: str, page: Page, folder: Path = PLATFORMS, cases: Path = CASES
) -> Recorded:
    """Write the platform's file and its first case; where either fails, neither.

    Raises:
        NotHadError: the page is nothing to begin from.
        RefusedCaseError: the case can't be written.
    """
    if page.status in GONE:
        raise NotHadError(
            f"{url}: HTTP {page.status}, no such page. Nothing was written. "
            "Give the address of an account that exists."
        )
    vacant(name, FIRST, cases)
    file = folder / f"{name}.py"
    text = source(name, url, page)
    try:
        file.write_text(text.replace("«HIDES»", ""), encoding="utf-8")
        platform = loaded(file)
        page = structs.replace(page, account=platform.account_of(url) or url, secret=SECRET)
        hidden = SHOWABLE - _shown(outcome(platform, page).records)
        quoted = ", ".join(f'"{field}"' for field in sorted(hidden))
        listed = "\n        ".join(textwrap.wrap(f"{quoted},", 88))
        file.write_text(text.replace("«HIDES»", listed), encoding="utf-8")
        return record(loaded(file), page, FIRST, cases)
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def loaded(file: Path) -> Platform:
    """The platform in a file, wherever it lies."""
    spec = spec_from_file_location(f"crawlers.platforms.{file.stem}", file)
    if spec is None or spec.loader is None:
        raise RefusedPlatformError(f"{file}: is no module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    made: Platform = getattr(module, "".join(part.title() for part in file.stem.split("_")))()
    return made


def _shown(records: Iterable[Record]) -> set[str]:
    told = [structs.asdict(one) for one in records if isinstance(one, Profile | Post | Metrics)]
    return {name for values in told for name, value in values.items() if value is not None}


def source(name: str, url: str, page: Page) -> str:
    """The platform's file, by what the page at its address is.

    Raises:
        NotHadError: the page is nothing that a platform could be begun from.
    """
    parts = urlsplit(url)
    before, _, account = parts.path.rstrip("/").rpartition("/")
    sign = account[0] if account[0] in "@~" else ""
    base = f"{parts.scheme}://{parts.netloc}"
    fields = {
        "NAME": name,
        "CLASS": "".join(part.title() for part in name.split("_")),
        "HOST": parts.netloc,
        "PATTERN": re.escape(f"{parts.netloc}{before}/{sign}").replace("\\-", "-"),
        "ADDRESS": f"{base}{before}/{sign}",
        "EXAMPLE": f"{base}{parts.path.rstrip('/')}",
    }
    text = shapes.HEAD + _shape(page, fields)
    for word, value in fields.items():
        text = text.replace(f"«{word}»", value)
    return text


def _shape(page: Page, fields: dict[str, str]) -> str:
    start = xml.decoded(page.body[:4000], page.content_type).lstrip("\ufeff \t\r\n")
    fields |= {"IMPORT": "", "FORMATS": "", "ACCESS": "page", "EACH": ""}
    if is_html(start):
        fields["FORMATS"] = shapes.HTML_FORMATS
        fields["IMPORT"] = shapes.HTML_IMPORT
        return shapes.HTML
    if start.startswith(("{", "[")):
        try:
            document = msgspec.json.decode(page.body)
        except msgspec.DecodeError as error:
            raise NotHadError(f"{page.url}: broken JSON ({error}). Nothing was written.") from error
        fields["IMPORT"] = "import msgspec\n\n"
        fields["ACCESS"] = "api"
        fields["SHAPE"] = _described(document)
        return shapes.JSON
    if start.startswith("<"):
        fields["FORMATS"] = shapes.FEED_FORMATS
        fields |= {"ACCESS": "feed", "EACH": ", each"}
        return shapes.FEED
    raise NotHadError(
        f"{page.url}: neither JSON, HTML nor XML; a platform can't be begun from it. "
        "Nothing was written. Give an address that shows posts."
    )


def _described(document: Any) -> str:
    """The top level of a JSON document as a msgspec type."""
    if isinstance(document, list):
        return "Document = list[dict[str, Any]]\n"
    lines = [
        f"    {key}: {_type(value)}"
        for key, value in document.items()
        if key.isidentifier() and not keyword.iskeyword(key) and not key.startswith("_")
    ]
    body = "\n".join(lines) or "    pass"
    return f'class Document(msgspec.Struct):\n    """The top level of an answer."""\n\n{body}\n'


def _type(value: Any) -> str:
    plain = {bool: "bool", int: "int", float: "float", str: "str", list: "list[Any]"}
    return "dict[str, Any]" if isinstance(value, dict) else plain.get(type(value), "Any")
