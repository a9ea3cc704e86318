"""The documentation says what the code says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from crawlers.alternatives import alternative
from crawlers.registry import platforms
from flows.cli import app

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
CALL = re.compile(r"^(?:\.venv/bin/)?vigie (\w+)(.*)$", re.MULTILINE)


def test_generated_pages_are_up_to_date_and_links_lead_somewhere():
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_names_every_platform_and_the_way_where_it_is_closed():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for platform in platforms().values():
        (line,) = (row for row in readme.splitlines() if row.startswith(f"| [{platform.title}]"))
        cells = [part.strip() for part in line.strip("|").split(" | ")]
        assert cells[1].startswith(platform.access)
        assert cells[2] == platform.confidence
        if platform.confidence == "thin":
            assert cells[-1] == alternative(platform.name)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_exists_with_its_options(page):
    commands = get_command(app).commands
    for block in SHELL.findall(page.read_text(encoding="utf-8")):
        for name, rest in CALL.findall(block):
            assert name in commands, name
            known = {option for param in commands[name].params for option in param.opts}
            told = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", rest.partition("#")[0]))
            assert told <= known, (name, told - known)


def test_the_ci_runs_exactly_the_test_command_of_the_readme():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == "exec make test"
    assert "```sh\nmake test\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
