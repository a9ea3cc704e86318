"""Every platform there is, found by walking the folder, and who claims which address."""

import importlib
import pkgutil
from functools import cache

from crawlers import platforms as folder
from crawlers.platform import Platform


@cache
def platforms() -> dict[str, Platform]:
    """One instance of each platform, by name, in alphabetical order."""
    found = {}
    for module in sorted(pkgutil.iter_modules(folder.__path__), key=lambda entry: entry.name):
        code = importlib.import_module(f"{folder.__name__}.{module.name}")
        class_name = "".join(part.title() for part in module.name.split("_"))
        found[module.name] = getattr(code, class_name)()
    return found


def claimants(url: str) -> list[tuple[str, str]]:
    """(platform, account) of every platform that takes the address.

    Last resorts (`claims_last`) are named only when nobody else takes it.
    """
    taken = [
        (platform, account)
        for platform in platforms().values()
        if (account := platform.account_of(url)) is not None
    ]
    first = [(p.name, account) for p, account in taken if not p.claims_last]
    return first or [(p.name, account) for p, account in taken]
