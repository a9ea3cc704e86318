"""What pydantic finds wrong with a value, as a person who writes a watchlist would say it."""

from typing import TYPE_CHECKING, Final

from data.said import Said, WrongError, bare

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

YES_NO: Final = Said("Input should be yes or no: true or false")
MAPPING: Final = Said("Input should be a mapping: lines such as “name: …”")
LIST: Final = Said("Input should be a list: lines that start with “- ”")
NUMBER: Final = Said("Input should be a valid number")
WHOLE: Final = Said("Input should be a whole number")
TEXT: Final = Said("Input should be a text")
KEY: Final = Said("Name before the colon should be a text")
HOURS: Final = Said('must be hours such as "21:00-07:00"')
AT_LEAST: Final = Said("Input should be greater than or equal to {ge}")
AT_MOST: Final = Said("Input should be less than or equal to {le}")
ONE_OF: Final = Said("Input should be one of {expected}")
SHORT: Final = Said("is too short; it needs {min_length} or more")
KINDS: Final = {
    "bool_type": YES_NO, "bool_parsing": YES_NO, "dict_type": MAPPING, "model_type": MAPPING,
    "list_type": LIST, "float_type": NUMBER, "float_parsing": NUMBER, "finite_number": NUMBER,
    "int_type": WHOLE, "int_parsing": WHOLE, "int_from_float": WHOLE, "int_parsing_size": WHOLE,
    "string_type": TEXT, "invalid_key": KEY, "named_tuple_type": HOURS,
    "time_type": HOURS, "time_parsing": HOURS,
    "greater_than_equal": AT_LEAST, "less_than_equal": AT_MOST, "literal_error": ONE_OF,
    "string_too_short": SHORT, "too_short": SHORT,
}  # fmt: skip
"""By pydantic's name of the kind."""


def wrong(problem: "ErrorDetails") -> Said:
    """The message for one finding; a kind that no watchlist meets is told in pydantic's words."""
    values = problem.get("ctx") or {}
    if isinstance(error := values.get("error"), WrongError):
        return error.said
    known = KINDS.get(problem["type"])
    return bare(problem["msg"]) if known is None else Said(known.text, values)
