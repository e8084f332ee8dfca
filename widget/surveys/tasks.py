"""The surveys' periodic work."""

from widget.core.background import pause
from widget.surveys import rollups


def bring_rollups_forward() -> None:
    """Count what is settled of every survey into its daily rollup, and stale days anew.

    Told to end, it stops between two transactions: the next run goes on from there.
    """
    for survey in rollups.list_due_surveys():
        while rollups.count_next_batch(survey):
            if pause():
                return
        days = rollups.list_stale_days(survey)
        for place in range(0, len(days), rollups.BATCH_DAYS):
            rollups.recount_days(survey, days[place : place + rollups.BATCH_DAYS])
            if pause():
                return
