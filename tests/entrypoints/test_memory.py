"""What is loaded when a service starts is left out of the search for garbage."""

import gc

from inboxwatch.entrypoints import memory


def test_what_is_loaded_is_not_searched_for_garbage_and_what_comes_later_is() -> None:
    before = gc.get_freeze_count()
    try:
        memory.settle()
        assert gc.get_freeze_count() > before + 1_000
        ring: list[object] = []
        ring.append(ring)
        del ring
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
