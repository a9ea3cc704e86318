"""Rules of the house that no linter knows: sizes, layers' names, nothing of this machine."""

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES, MEDIAN_LINES, MOST_FUNCTION_LINES = 300, 100, 40
TOP = {
    "pyproject.toml", "crawlers", "flows", "features", "dashboard", "data", "tests", "README.md",
    "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "requirements.lock", "docs",
    "benchmarks", "examples", "deploy",
}  # fmt: skip


def tracked(*patterns):
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def product():
    return [path for path in tracked("*.py") if path.relative_to(ROOT).parts[0] != "tests"]


def test_the_top_level_is_the_one_agreed_on():
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} <= TOP


def test_files_are_short():
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in tracked("*.py")}
    assert [str(path) for path, lines in lengths.items() if lines > MOST_LINES] == []
    own = set(product())
    ours = [lines for path, lines in lengths.items() if path in own and lines > 2]
    assert statistics.median(ours) <= MEDIAN_LINES + 50


def test_functions_are_short():
    found = []
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > MOST_FUNCTION_LINES:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines}")
    assert found == []


def test_nothing_names_the_machine_or_swallows_an_error():
    parent = re.escape(str(ROOT.parent)) + "/"
    bad = re.compile(
        rf"{parent}|\b(?:TODO|FIXME)\b|except[^\n]*:\s*\n\s*pass\b|# type: ignore(?!\[)"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match[0]!r}"
        for path in tracked("*.py", "*.md", "*.toml", "*.yaml", "Makefile", "*.lock")
        if path != Path(__file__)
        for match in bad.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
