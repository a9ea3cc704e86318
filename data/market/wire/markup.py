"""Plain text as the HTML that blogs and sites serve."""

import html


def paragraphs(text: str) -> str:
    """Escaped paragraphs, one for each blank line between."""
    return "\n".join(f"<p>{html.escape(part, quote=False)}</p>" for part in text.split("\n\n"))
