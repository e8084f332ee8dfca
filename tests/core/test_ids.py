"""Ids are nobody else's, whichever process made them."""

import uuid
from multiprocessing import get_context

from widget.core.ids import new_id


def _make_some(_: int) -> list[uuid.UUID]:
    return [new_id() for _ in range(50)]


def test_forked_processes_make_different_ids() -> None:
    # As gunicorn's workers are forked: from a process that has made an id already.
    new_id()
    with get_context("fork").Pool(4) as pool:
        ids = [new for made in pool.map(_make_some, range(4), chunksize=1) for new in made]
    # The last 62 bits are random; the time before them would hide that two are the same.
    endings = {new.int & (1 << 62) - 1 for new in ids}
    assert len(endings) == len(ids) == 200
