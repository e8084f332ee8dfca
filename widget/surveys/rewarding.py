"""Points for answering: for a finished survey, never for what was said in it, and for a profile told in it."""

import uuid

from widget.core.clock import utc_now
from widget.core.hot import HotCursor, hot_transaction
from widget.loyalty.earning import award_points, award_profile, is_paying


def reward_answer(
    cursor: HotCursor, site_id: uuid.UUID, survey_id: uuid.UUID, customer_id: uuid.UUID, *, is_completed: bool
) -> None:
    """Give a customer what the program gives for a survey, once a period, in a writing transaction."""
    now = utc_now()
    if is_completed:
        award_points(cursor, site_id, customer_id, "survey", str(survey_id), now, once_a_period=True)
    award_profile(cursor, site_id, customer_id, now)


def reward_stored_answer(
    cursor: HotCursor, site_id: uuid.UUID, survey_id: uuid.UUID, customer_id: uuid.UUID, *, is_completed: bool
) -> None:
    """Do so after the answer is stored, in a transaction of its own.

    A repeat of the answer comes here again: whoever was told nothing sends it again.
    """
    if is_paying(cursor, site_id, "survey", "profile"):
        with hot_transaction() as writing:
            reward_answer(writing, site_id, survey_id, customer_id, is_completed=is_completed)
