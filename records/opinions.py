"""Signing an opinion: what it must contain, and the digest that shows it was not changed since."""

import datetime as dt
import hashlib
from collections.abc import Iterable

import msgspec

from records.chest_pain import ChestPainStood
from records.consults import Opinion, OpinionState
from records.errors import RuleBroken
from records.rules import Rule

# What the signature is for. Not the state of the draft it was made from.
_SIGNED_FIELDS = (
    "id",
    "consult_id",
    "author_id",
    "findings",
    "impression",
    "advice",
    "advice_text",
    "plan",
    "simulated",
    "signed_at",
)


def check_complete(opinion: Opinion) -> None:
    """Raise `RuleBroken` naming what is missing of findings, impression and advice."""
    needed = {"findings": opinion.findings, "impression": opinion.impression, "advice": opinion.advice or ""}
    missing = [name for name, text in needed.items() if not text.strip()]
    if missing:
        raise RuleBroken(Rule.OPINION_INCOMPLETE, f"the opinion has no {', no '.join(missing)}")


def signed(opinion: Opinion, at: dt.datetime, chest_pain: Iterable[ChestPainStood] = ()) -> Opinion:
    """Sign a draft: its next version, with instant and digest, and the chest-pain clock as it stands.

    Raises `RuleBroken` when it is incomplete or signed already.
    """
    if opinion.state is OpinionState.SIGNED:
        raise RuleBroken(Rule.OPINION_SIGNED, "the opinion is signed; a signed opinion never changes")
    check_complete(opinion)
    signing = msgspec.structs.replace(
        opinion,
        state=OpinionState.SIGNED,
        version=opinion.version + 1,
        saved_at=at,
        signed_at=at,
        chest_pain=tuple(chest_pain),
    )
    return msgspec.structs.replace(signing, digest=opinion_digest(signing))


def opinion_digest(opinion: Opinion) -> str:
    """SHA-256, hexadecimal, of the signed content as canonical JSON: keys sorted, no spaces, UTF-8.

    The chest-pain clock is in it where there was one: opinions signed before it was kept hold as they are.
    """
    content = {name: getattr(opinion, name) for name in _SIGNED_FIELDS}
    if opinion.chest_pain:
        content["chest_pain"] = opinion.chest_pain
    return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()


def is_unchanged(opinion: Opinion) -> bool:
    """Tell whether a signed opinion still is what was signed."""
    return opinion.state is OpinionState.SIGNED and opinion.digest == opinion_digest(opinion)
