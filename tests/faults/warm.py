"""What a piece of work imports, for the process that the others are forked from.

All of it but Prefect, models included: a fork then begins its work at once. Nothing here may ask
Polars for more than its names: the threads that it would start do not live through a fork, and
who waits for them waits for ever (tests/faults/test_warm.py).
"""

import importlib
from typing import Final

import py3langid

from crawlers.registry import platforms
from features.vectors import encoder

MODULES: Final = (
    "aiohttp.web", "crawlers.__main__", "crawlers.replay", "crawlers.robots", "crawlers.run",
    "crawlers.settings", "crawlers.spider", "flows.alerts", "flows.build", "flows.cli",
    "flows.erasing.forget", "flows.erasing.retention", "flows.imports.importing",
    "flows.imports.mailbox", "flows.progress", "flows.repair.mending", "flows.turns", "filelock",
    "requests", "scipy.optimize", "scipy.stats", "scrapy.core.downloader.handlers.http11",
    "scrapy.crawler", "sklearn.cluster", "sklearn.decomposition", "sklearn.feature_extraction.text",
    "sklearn.metrics", "tests.faults.prey", "typer.testing",
)  # fmt: skip

for name in MODULES:
    importlib.import_module(name)
platforms()
py3langid.classify("a")
if (model := encoder()) is not None:
    model.encode(["a"])
