"""Ids are nobody else's, whichever process made them."""

import uuid
from multiprocessing import get_context

from widget.core.ids import new_id


def _make_some(_: int) -> list[uuid.UUID]:
    return [new_id() for _ in range(50)]


def test_forked_processes_make_different_ids() -> None:
    # What is random of an id, without its time; gunicorn's workers are forked from a process that has made some.
    new_id()
    with get_context("fork").Pool(4) as pool:
        made = [made.int & (1 << 62) - 1 for ids in pool.map(_make_some, range(4), chunksize=1) for made in ids]
    assert len(set(made)) == len(made) == 200
