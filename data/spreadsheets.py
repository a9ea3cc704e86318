"""What a spreadsheet would compute, for whoever writes crawled texts into cells."""

from typing import Final

FORMULA: Final = "^[\\s\x00-\x1f\u200b\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]"
"""A pattern of texts that are taken for a formula; Python's and Polars' engines read it alike.

OWASP's rule, and what gets past it in some programs: signs that nobody sees before the formula's,
and its signs in full width. https://owasp.org/www-community/attacks/CSV_Injection
"""
