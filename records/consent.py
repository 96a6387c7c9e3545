"""Before media opens: two identifiers compared, and consent with the evidence its form needs."""

from records.consults import Consent, ConsentForm, IdentityCheck
from records.errors import RuleBroken
from records.rules import Rule

IDENTIFIERS_NEEDED = 2  # WHO Patient Safety Solutions 2 (2007): at least two, never the room number
_EVIDENCE = {
    ConsentForm.PAD: (Rule.SIGNATURE_NEEDED, "consent on the screen needs the resident's signature"),
    ConsentForm.ORAL: (Rule.WITNESS_NEEDED, "oral consent needs the name of a witness"),
    ConsentForm.DEFERRED: (Rule.REASON_NEEDED, "deferred consent needs the reason of the emergency"),
}


def check_identifiers(check: IdentityCheck) -> None:
    """Raise `RuleBroken` unless two different identifiers were compared."""
    different = len(set(check.identifiers))
    if different < IDENTIFIERS_NEEDED:
        raise RuleBroken(
            Rule.TWO_IDENTIFIERS_NEEDED,
            f"{different} identifier was compared; {IDENTIFIERS_NEEDED} different ones are needed",
        )


def check_consent(consent: Consent) -> None:
    """Raise `RuleBroken` unless the evidence of the consent's form is there: signature, witness or reason."""
    evidence = {
        ConsentForm.PAD: consent.signature_svg_path,
        ConsentForm.ORAL: consent.witness,
        ConsentForm.DEFERRED: consent.reason,
    }
    if not evidence[consent.form].strip():
        rule, message = _EVIDENCE[consent.form]
        raise RuleBroken(rule, message)
