"""Fixtures of the commands' tests."""

import os

import pytest
from typer.testing import CliRunner

from flows.cli import app


@pytest.fixture
def bring(store, tmp_path):
    """Run `vigie import` on a text and say what it answers."""

    def invoked(content, *options, expect=0, name="export.csv", entity="Maison Alpine"):
        file = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
            os.utime(file, (1787000000, 1787000000))  # August 2026
        arguments = [
            "import",
            str(file),
            "--entity",
            entity,
            "--lake",
            store.root,
            "--lang",
            "en",
        ]
        done = CliRunner().invoke(app, [*arguments, *options])
        assert done.exit_code == expect, (done.output, done.exception)
        return done

    return invoked
