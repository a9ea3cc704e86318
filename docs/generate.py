"""Write the documentation pages that come from code: `python docs/generate.py [--check]`.

`--check` writes nothing and fails where a page differs from what the code says, or where a link
between pages leads nowhere.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from record import rows

from crawlers.alternatives import NAMED, alternative
from crawlers.platform import Platform
from crawlers.registry import platforms
from data.tables import CORE, OUT, TABLES
from data.tables.core import PARTITION
from features.kpis import KPIS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
MARK = re.compile(r"(<!-- platforms -->\n).*?(<!-- /platforms -->)", re.DOTALL)
RECORD = re.compile(r"(<!-- record -->\n).*?(<!-- /record -->)", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def cell(value: object) -> str:
    """A value inside a Markdown table."""
    return str(value).replace("|", "\\|").replace("\n", " ")


def table(head: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> str:
    """A Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines) + "\n"


def tables_page() -> str:
    """Every table with its key and the meaning of each column."""
    parts = [
        "# Tables\n",
        "<!-- written by docs/generate.py from data/tables -->\n",
        "Times are UTC and end in `_at`. `null` = the platform does not show it; 0 = zero.\n",
    ]
    for title, group in (("Core tables", CORE), ("Out tables", OUT)):
        parts.append(f"## {title}\n")
        for name in group:
            contract = TABLES[name]
            key = ", ".join(f"`{column}`" for column in contract.primary_key())
            cut = f" Cut by month of `{PARTITION[name]}`." if name in PARTITION else ""
            parts.append(f"### `{name}`\n\n{contract.__doc__} Key: {key}.{cut}\n")
            parts.append(table(("column", "type", "meaning"), _columns(name)))
    return "\n".join(parts)


def _columns(name: str) -> Iterator[tuple[object, ...]]:
    for column, spec in TABLES[name].columns().items():
        kind = str(spec.dtype).replace("time_unit='us', time_zone='UTC'", "UTC")
        null = " or null" if spec.nullable else ""
        yield f"`{column}`", f"{kind}{null}", spec.description or ""


def platforms_table() -> str:
    """What can be had from each platform."""
    return table(
        ("platform", "read through", "confidence", "never shows", "example", "where refused"),
        (_platform_row(platform) for platform in platforms().values()),
    )


def _platform_row(platform: Platform) -> tuple[object, ...]:
    return (
        f"[{platform.title}]({platform.docs})",
        f"{platform.access}; api with a token" if platform.official else platform.access,
        platform.confidence,
        ", ".join(sorted(platform.hides)) or "–",
        f"`{platform.examples[0]}`",
        _way(platform),
    )


def _way(platform: Platform) -> str:
    """The lawful way where robots are refused, for platforms where that is to be expected."""
    expected = platform.name in NAMED or platform.confidence == "thin"
    return alternative(platform.name) if expected else "–"


def kpis_page() -> str:
    """The formula registry."""
    rows = ((f"`{k.kpi}`", k.name_en, k.formula, k.unit, k.source) for k in KPIS)
    return "\n".join(
        (
            "# KPIs\n",
            "<!-- written by docs/generate.py from features/kpis.py -->\n",
            "Every value comes with its n and a 95 % interval; under 5 posts there is no value.\n",
            table(("KPI", "name", "formula", "unit", "source"), rows),
        )
    )


def pages() -> dict[Path, str]:
    """Each generated page and what it should say."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = platforms_table()
    privacy = (DOCS / "privacy.md").read_text(encoding="utf-8")
    record = table(("record", "entry"), rows())
    return {
        DOCS / "tables.md": tables_page(),
        DOCS / "kpis.md": kpis_page(),
        DOCS / "privacy.md": RECORD.sub(lambda mark: mark[1] + record + mark[2], privacy),
        ROOT / "README.md": MARK.sub(lambda mark: mark[1] + listed + mark[2], readme),
    }


def broken_links() -> Iterator[str]:
    """Links between pages that lead nowhere."""
    for page in (*ROOT.glob("*.md"), *DOCS.glob("*.md")):
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            if not target.startswith(("http", "mailto:")) and not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)}: link to {target} leads nowhere"


def main() -> int:
    """Write the pages, or with --check compare them."""
    stale = {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    }
    if "--check" in sys.argv:
        problems = [f"{path.relative_to(ROOT)}: out of date; run `make docs`" for path in stale]
        problems += broken_links()
        print("\n".join(problems) or "docs: up to date", file=sys.stderr)  # noqa: T201
        return 1 if problems else 0
    for path, text in stale.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
