"""A worker gives back what it does not need any more."""

from media.memory import give_back, resident_bytes


def test_what_was_freed_in_pieces_goes_back_to_the_system() -> None:
    pieces = [bytes(2000) for _ in range(40_000)]
    before = resident_bytes()
    kept = pieces[::400]
    del pieces
    give_back()
    assert before - resident_bytes() > 40_000_000 and len(kept) == 100
