"""How every refusal of the HTTP API looks."""

from records.values import Value


class Problem(Value):
    """A refusal: a stable code for programs, a sentence for people, and what is wrong field by field."""

    code: str
    sentence: str
    fields: dict[str, str] = {}
