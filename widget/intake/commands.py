"""Commands: take in anew what platforms sent."""

from collections import Counter
from datetime import UTC, datetime

import click
from flask.cli import AppGroup

from widget.core.background import pause
from widget.core.db import begin_writing_anew, db
from widget.intake.platform_events import list_event_ids, take_again
from widget.intake.platforms import find_event
from widget.sites.queries import find_site_by_key

intake_commands = AppGroup("intake", help="What platforms sent.")


@intake_commands.command("replay")
@click.option("--site", "site_key", required=True, help="The public key of the site.")
@click.option("--since", type=click.DateTime(), help="Only events received since this time, in UTC.")
@click.option("--failed", "only_failed", is_flag=True, help="Only events that could not be taken in.")
def replay(site_key: str, since: datetime | None, only_failed: bool) -> None:
    """Take in anew the events that are kept, oldest first; what is known already stays as it is."""
    site = find_site_by_key(site_key)
    if site is None:
        raise click.BadParameter("there is no site with this key", param_hint="--site")
    site_id = site.id
    ids = list_event_ids(site_id, since=since and since.replace(tzinfo=UTC), only_failed=only_failed)
    outcomes: Counter[str] = Counter()
    for event_id in ids:
        begin_writing_anew()
        event = find_event(site_id, event_id)
        if event is not None:
            take_again(event)
            outcomes[event.outcome] += 1
        db.session.commit()
        pause()
    words = ", ".join(f"{outcomes[name]} {name}" for name in ("taken", "known", "ignored", "failed"))
    click.echo(f"{outcomes.total()} events: {words}.")
