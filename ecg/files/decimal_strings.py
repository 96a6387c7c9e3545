"""Numbers in DICOM's decimal strings (DS): sixteen characters, as exactly as they allow."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

MAX_CHARACTERS = 16


def decimal_string(value: Decimal) -> str:
    """The value in at most sixteen characters: itself where it fits, else with as many digits as fit."""
    if not value:
        return "0"
    for digits in range(MAX_CHARACTERS, 0, -1):
        rounded = value.normalize(Context(prec=digits, rounding=ROUND_HALF_EVEN))
        for text in (_plain(rounded), _with_exponent(rounded)):
            if len(text) <= MAX_CHARACTERS:
                return text
    raise AssertionError(f"{value} fits no decimal string")  # one digit and an exponent always fit


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    # A leading zero costs a digit, which a scale may need; ".5" is a decimal string all the same.
    whole, point, fraction = text.partition(".")
    return text if len(text) <= MAX_CHARACTERS or whole.lstrip("-") != "0" else whole[:-1] + point + fraction


def _with_exponent(value: Decimal) -> str:
    sign, digits, exponent = value.as_tuple()
    return f"{'-' if sign else ''}{''.join(map(str, digits))}E{exponent}"


def exact(value: float) -> Decimal:
    """A double as the shortest decimal that means it, which is what a file stated."""
    return Decimal(repr(float(value))) + 0  # -0 is 0
