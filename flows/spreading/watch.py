"""Prefect watches over what workers do, so that a machine may die in the middle of a run.

Two automations on its server, made by the first run and kept: a flow run of ours that a worker
took and that gives no sign of life is called crashed; a crashed run of the schedule goes back to
its work pool. A partition that crashed is handed out again by the run that it belongs to.
"""

from datetime import timedelta
from typing import Any, Final

from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.settings import get_current_settings

TAG: Final = "vigie"
"""Tag of our deployments, and so of their runs."""
RUN_TAG: Final = "vigie-run"
"""Tag of those that nobody waits for: the runs of the schedule."""
SILENT: Final = "Vigie: a run whose heartbeat stops has crashed"
CRASHED: Final = "Vigie: a crashed run is taken up again"
BEAT: Final = "prefect.flow-run.heartbeat"
BEATS: Final = 4
"""Heartbeats missed before a run counts as dead."""
BEGINNINGS: Final = ("Pending", "Submitting", "InfrastructurePending", "Running")
"""A worker may die before the first heartbeat, too: what it took must come to one."""
LIVES: Final = frozenset({BEAT, *(f"prefect.flow-run.{name}" for name in BEGINNINGS)})
RESTS: Final = ("Completed", "Failed", "Cancelled", "Crashed", "AwaitingRetry", "Scheduled")
ENDS: Final = frozenset(f"prefect.flow-run.{name}" for name in RESTS)
OURS: Final = ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"})


def ensure() -> None:
    """Have both automations on the server, as this software wants them."""
    for wanted in (silent(), crashed()):
        if wanted is None:
            continue
        known = _known(wanted.name)
        if known is None:
            wanted.create()
        elif (known.trigger, known.actions, known.enabled) != (
            wanted.trigger, wanted.actions, True,
        ):  # fmt: skip
            known.trigger, known.actions, known.enabled = wanted.trigger, wanted.actions, True
            known.update()


def _known(name: str) -> Automation | None:
    try:
        known: Any = Automation.read(name=name)  # outside of a loop it is no coroutine
    except ValueError:
        return None
    assert isinstance(known, Automation)
    return known


def silent() -> Automation | None:
    """Call a run crashed that sends no heartbeat any more; None where runs send none."""
    every = get_current_settings().flows.heartbeat_frequency
    if every is None:
        return None
    trigger = EventTrigger(
        # What is in both sets begins the wait anew, what is in the latter alone ends it.
        after=set(LIVES),
        expect={*LIVES, *ENDS},
        posture=Posture.Proactive,
        threshold=1,
        within=timedelta(seconds=BEATS * every),
        match=OURS,
        match_related=_tagged(TAG),
        for_each={"prefect.resource.id"},
    )
    return _automation(SILENT, trigger, StateType.CRASHED, "Crashed", "its heartbeat stopped")


def crashed() -> Automation:
    """Give a crashed run of the schedule to another worker."""
    trigger = EventTrigger(
        expect={"prefect.flow-run.Crashed"},
        posture=Posture.Reactive,
        threshold=1,
        within=timedelta(0),
        match=OURS,
        match_related=_tagged(RUN_TAG),
        for_each={"prefect.resource.id"},
    )
    told = "its worker ended; another one takes it up"
    return _automation(CRASHED, trigger, StateType.SCHEDULED, "AwaitingRetry", told)


def _tagged(tag: str) -> ResourceSpecification:
    return ResourceSpecification(
        {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{tag}"}
    )


def _automation(
    name: str, trigger: EventTrigger, state: StateType, state_name: str, message: str
) -> Automation:
    action = ChangeFlowRunState(state=state, name=state_name, message=message, force=False)
    return Automation(name=name, trigger=trigger, actions=[action])
