"""The process that `vigie serve` keeps: Prefect's runner for one deployment.

`python -m flows.worker JSON` needs PREFECT_API_URL. It runs under a leash (children.py): whatever
it starts goes with it.
"""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Final

import msgspec
from prefect.flows import EntrypointType
from prefect.runner import Runner

from flows import messages
from flows.schedule import Job
from flows.scheduled import say_next, scheduled

POLL_S: Final = 10.0


def main(told: str) -> None:
    """Serve until told to stop."""
    job = msgspec.json.decode(told, type=Job)
    messages.speak(job.language)
    runner = Runner(
        name=job.name, query_seconds=POLL_S, limit=1, pause_on_shutdown=False
    )  # fmt: skip
    deployment_id = runner.add_flow(
        scheduled,
        name=job.name,
        schedule=job.rhythm.prefect(datetime.now(UTC)),
        paused=False,
        parameters={
            "watchlist": job.watchlist, "lake": job.lake, "dashboard": job.dashboard,
        },
        entrypoint_type=EntrypointType.MODULE_PATH,
    )  # fmt: skip
    say_next(deployment_id, job.rhythm.timezone)
    asyncio.run(runner.start())


if __name__ == "__main__":
    main(sys.argv[1])
