"""`python -m crawlers crawl --plan FILE|-`, `… discover --plan FILE|-` and `… replay --lake P`.

For authors of platforms: `… new NAME URL` and `… record PLATFORM URL`.

Each prints one JSON line on standard output. Exit codes: 0 all complete, 1 something fell short,
2 unusable plan.
"""

import argparse
import gc
import logging
import sys
from pathlib import Path
from typing import Any

import msgspec

from crawlers.plan import Plan, PlanError, Summary, load
from data import lock, logs


def crawl(plan: Plan) -> Summary:
    """Carry out a plan. Once a process: Scrapy's loop can't be started a second time."""
    from crawlers.process import Process
    from crawlers.run import Run
    from crawlers.settings import settings_for
    from crawlers.spider import VigieSpider

    run = Run(plan)
    process = Process(settings_for(plan))
    logging.getLogger().addHandler(logs.Handler(logs.out, plan.run_id))
    process.crawl(VigieSpider, run=run)
    # What was imported lives as long as the process: the collector need not look at it.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    process.start()
    if run.failure is not None:
        raise run.failure
    return run.close()


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; the exit code."""
    options = _parser().parse_args(arguments)
    if options.command == "replay":
        from crawlers.replay import replay
        from data.store import Store

        with lock.shared(options.lake):
            report = replay(Store(options.lake), options.platform)
        _say(report)
        return 0
    if options.command in {"new", "record"}:
        from crawlers.authoring import commands

        return commands.run(options)
    try:
        text = sys.stdin.buffer.read() if options.plan == "-" else Path(options.plan).read_bytes()
        if options.command == "discover":
            return _discover(text)
        plan = load(text)
    except (OSError, PlanError) as error:
        print(f"{options.plan}: {error}", file=sys.stderr)  # noqa: T201 - the command's answer
        return 2
    with lock.shared(plan.lake):
        summary = crawl(plan)
    _say(summary)
    return 1 if summary.incomplete else 0


def _discover(text: bytes) -> int:
    """Look at the home pages of an errand; the exit code."""
    from crawlers.discover import errand

    sites = errand.carry_out(errand.load(text))
    _say(sites)
    return 1 if any(site.problems for site in sites) else 0


def _say(answer: Any) -> None:
    print(msgspec.json.encode(answer).decode())  # noqa: T201 - the command's answer


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m crawlers", description="Crawl a plan, or read archived pages again."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    crawling = commands.add_parser("crawl", help="visit every channel of a plan")
    crawling.add_argument("--plan", required=True, help="a JSON file, or - for standard input")
    looking = commands.add_parser("discover", help="find the channels that home pages name")
    looking.add_argument("--plan", required=True, help="a JSON file, or - for standard input")
    replaying = commands.add_parser("replay", help="rebuild core tables from archived pages")
    replaying.add_argument("--lake", required=True, help="folder or s3:// address of the lake")
    replaying.add_argument("--platform", help="only this platform's channels")
    _authoring(commands)
    return parser


def _authoring(commands: Any) -> None:
    """What writes platforms and their cases; CONTRIBUTING.md walks through it."""
    beginning = commands.add_parser("new", help="begin a platform: its file and a first case")
    beginning.add_argument("name", help="small letters, digits and _, such as mynetwork")
    recording = commands.add_parser("record", help="add a case to a platform, scrubbed")
    recording.add_argument("platform", help="name of the platform")
    recording.add_argument("--case", help="its name; default: from the address")
    recording.add_argument("--file", type=Path, help="a saved page; nothing is fetched then")
    recording.add_argument("--fetched-at", help="when it was served, such as 2026-01-31T06:00:00Z")
    for parser in (beginning, recording):
        parser.add_argument("url", help="address of an account, or of the page")
        parser.add_argument("--contact", help="an address where the site's owner may write to")
        parser.add_argument(
            "--allow-private-networks", action="store_true", help="the server is your own"
        )


if __name__ == "__main__":
    # dataframely would load it for what a crawl never does: an eighth of the time to start.
    sys.modules.setdefault("sqlalchemy", None)  # type: ignore[arg-type] # means: not to be had
    sys.exit(main())
