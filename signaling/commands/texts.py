"""Texts that people write: what is empty or too long is refused."""

from signaling.commands.case import QUESTION_LIMIT, REASON_LIMIT
from signaling.errors import Refused
from signaling.refusals import Refusal


def written(text: str, limit: int, when_empty: Refusal) -> str:
    """The text without blanks around it; raise `Refused` when it is empty or too long."""
    stripped = text.strip()
    if not stripped:
        raise Refused(when_empty)
    return not_longer(stripped, limit)


def not_longer(text: str, limit: int) -> str:
    """The text, unless it has more than `limit` characters."""
    if len(text) > limit:
        raise Refused(Refusal.TEXT_TOO_LONG, f"{len(text)} characters, at most {limit}")
    return text


def question(text: str) -> str:
    """The question of a consult."""
    return written(text, QUESTION_LIMIT, Refusal.QUESTION_NEEDED)


def reason(text: str) -> str:
    """Why somebody does what others must understand."""
    return written(text, REASON_LIMIT, Refusal.REASON_NEEDED)
