"""What pages made with Next.js embed: all that they show, as one JSON script."""

import re
from typing import Final

NAME: Final = "__NEXT_DATA__"
SCRIPT: Final = re.compile(
    rf"<script[^>]{{0,200}}\bid=[\"']?{NAME}[^>]{{0,200}}>(.*?)</script", re.DOTALL
)


def script(markup: str) -> str | None:
    """The JSON text of the page's data, undecoded; None where the page has no such whole script."""
    match = SCRIPT.search(markup)
    return match[1] if match else None
