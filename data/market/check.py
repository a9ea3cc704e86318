"""One comparison of planted truth with what was recovered."""

from typing import NamedTuple

INFORMATIVE = "for information"


class Check(NamedTuple):
    """What was planted, what was recovered, and the bound that decides.

    A check whose bound is INFORMATIVE is always ok.
    """

    name: str
    planted: str
    recovered: str
    bound: str
    ok: bool


def at_least(name: str, planted: str, share: float, bound: float) -> Check:
    """A share that must reach a bound."""
    return Check(name, planted, f"{share:.2%}", f"≥ {bound:.1%}", share >= bound)


def exactly(name: str, planted: set[str], found: set[str]) -> Check:
    """A set that must be found whole, with nothing besides."""
    missing, besides = sorted(planted - found), sorted(found - planted)
    said = [f"{len(planted & found)} of {len(planted)}"]
    said += [f"missing {', '.join(missing[:3])}"] if missing else []
    said += [f"wrongly {', '.join(besides[:3])}"] if besides else []
    few = 0 < len(planted) <= 3  # noqa: PLR2004 - as many names as a line holds
    names = ", ".join(sorted(planted)) if few else str(len(planted))
    return Check(name, names, "; ".join(said), "all, none besides", planted == found)


def told(name: str, planted: str, recovered: str) -> Check:
    """A comparison without a bound."""
    return Check(name, planted, recovered, INFORMATIVE, ok=True)
