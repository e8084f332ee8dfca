"""What shoppers are told of a contest; before the draw nobody is told the seed."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from widget.customers.queries import map_customers
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.contest_queries import find_entry_of, find_winner, list_approved_ids
from widget.referrals.contests import is_open
from widget.referrals.rules import mask_name
from widget.referrals.texts import Words


def describe_contest(contest: Contest, customer_id: uuid.UUID | None, now: datetime) -> dict[str, Any]:
    """Return a contest as a shopper sees it, with their own entry where they have one."""
    names = ("id", "name", "hashtag", "prize", "starts_at", "ends_at", "seed_hash")
    entry = find_entry_of(contest.site_id, contest.id, customer_id) if customer_id else None
    described: dict[str, Any] = {name: getattr(contest, name) for name in names}
    described |= {"is_open": is_open(contest, now), "entry": describe_entry(entry) if entry else None}
    winner = find_winner(contest.site_id, contest.id) if contest.drawn_at else None
    if winner is None:
        return described
    person = map_customers(contest.site_id, [winner.customer_id]).get(winner.customer_id)
    return described | {
        "seed": contest.seed,
        "entries": list(list_approved_ids(contest.site_id, contest.id)),
        "winner": {"id": winner.id, "name": mask_name(person.name if person else None, None)},
    }


def word_contest(
    contest: Contest, described: Mapping[str, Any], customer_id: uuid.UUID | None, words: Words
) -> dict[str, Any]:
    """Return what the element says of a contest, and whether it asks this customer for a picture."""
    entry, winner = described["entry"], described.get("winner")
    said = {"hashtag": contest.hashtag, "prize": contest.prize, "day": words.points.day(contest.ends_at.date())}
    if winner is not None:
        won = "contest_yours" if entry is not None and entry["id"] == winner["id"] else "contest_won"
        lines = [words.say(won, name=winner["name"], **said)]
    elif not described["is_open"]:
        lines = [words.say("contest_over")]
    else:
        own = f"contest_{entry['state']}" if entry else "contest_sign_in"
        is_said = entry is not None or customer_id is None
        lines = [words.say("contest", **said), words.say("contest_draw"), *([words.say(own)] if is_said else [])]
    may_enter = described["is_open"] and entry is None and customer_id is not None
    return {"lines": lines, "may_enter": may_enter, "taken": words.say("contest_pending")}


def describe_entry(entry: ContestEntry) -> dict[str, Any]:
    """Return an entry as its customer sees it."""
    return {"id": entry.id, "contest": entry.contest_id, "link": entry.link, "state": entry.state}
