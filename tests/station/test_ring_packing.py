"""The packing thread: it packs what there is, rests, and ends when told."""

import threading

from station.ring_packing import RingPacking


def test_it_packs_until_nothing_is_left_and_looks_again() -> None:
    waiting, done = [1, 2, 3], threading.Event()

    def pack_one() -> bool:
        if not waiting:
            done.set()
            return False
        waiting.pop()
        return True

    packing = RingPacking(pack_one)
    assert done.wait() and waiting == []
    waiting.append(4)
    done.clear()
    assert done.wait() and waiting == []
    packing.close()
    waiting.append(5)
    assert waiting == [5]
