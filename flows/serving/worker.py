"""The process that `vigie serve` keeps: Prefect's runner for one deployment.

`python -m flows.serving.worker JSON` needs PREFECT_API_URL. It runs under a leash
(processes/leash.py): whatever it starts goes with it.
"""

import asyncio
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec
from prefect.runner import Runner
from prefect.types.entrypoint import EntrypointType

from flows.serving.schedule import Job
from flows.serving.scheduled import next_run, say_next, scheduled
from flows.watching import logs
from flows.words import console, messages

POLL_S: Final = 10.0
PLANNED_S: Final = 150.0
"""By then Prefect has planned the first run: it looks for new schedules once a minute."""


class Leashed(Runner):
    """Prefect's runner, whose own way to stop on SIGTERM is never awaited in 3.8."""

    def handle_sigterm(self, *_args: object, **_kwargs: object) -> None:
        """Leave at once: the leash ends what runs."""
        sys.exit(0)


def main(told: str) -> None:
    """Serve until told to stop."""
    job = msgspec.json.decode(told, type=Job)
    messages.speak(job.language)
    logs.attach()
    runner = Leashed(
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
    threading.Thread(target=_announce, args=(deployment_id, job), daemon=True).start()
    asyncio.run(runner.start())


def _announce(deployment_id: UUID, job: Job) -> None:
    """Say when the first run is, or that there will be none."""
    ends = time.monotonic() + PLANNED_S
    while next_run(deployment_id) is None:
        if time.monotonic() > ends:
            console.problem("Prefect plans no run; pip install 'vigie[serve]' and start again")
            return
        time.sleep(1)
    say_next(deployment_id, job.rhythm.timezone)


if __name__ == "__main__":
    main(sys.argv[1])
