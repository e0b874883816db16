"""What things are looked up by stands in every store, so that it may never change."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from inboxwatch.adapters.store.columns import digest

PARTS = st.lists(st.text(st.characters() | st.characters(categories=["Cs"])) | st.integers())


@given(PARTS)
def test_a_digest_is_of_the_bytes_of_each_part_and_their_number(parts: list[str | int]) -> None:
    raws = [str(part).encode("utf-8", "surrogatepass") for part in parts]
    whole = b"".join(b"%d:%b" % (len(raw), raw) for raw in raws)

    assert digest(*parts) == hashlib.sha256(whole).digest()[:16]
