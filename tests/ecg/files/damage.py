"""What disks, mail and people do to files, the same for the same seed."""

import random


def damaged(data: bytes, seed: int) -> bytes:
    """One of the damages that disks, mail and people do; the same for the same seed."""
    chance = random.Random(seed)
    # Half of all in the first bytes, where headers are.
    reach = len(data) if chance.random() < 0.5 else min(len(data), 1280)
    at = chance.randrange(reach)
    size = chance.choice((1, 1, 2, 8, 64))
    match chance.randrange(7):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + chance.randbytes(size) + data[at + size :]
        case 2:
            return data[:at] + data[at + size :]
        case 3:
            return data[:at] + data[at : at + size] * 2 + data[at + size :]
        case 4:
            return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        case 5:
            digits = chance.choice((b"9", b"-", b"0", b"99999999", b"e9", b"nan", b"\xff\xff", b"\0\0"))
            return data[:at] + digits + data[at + len(digits) :]
        case _:
            other = chance.randrange(len(data))
            return data[:at] + data[other : other + size] + data[at + size :]
