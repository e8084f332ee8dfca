"""Use cases of the catalogue: rewards are made with their coupons in one step, changed, put in order, archived."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from widget.core.db import db, wait_for_turn
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.coupons.queries import find_pool, get_pool
from widget.coupons.service import archive_pool, create_pool, unarchive_pool
from widget.loyalty.program_queries import find_rules
from widget.loyalty.reward_models import Reward
from widget.loyalty.reward_queries import list_rewards, list_rewards_of
from widget.sites.models import Site
from widget.sites.service import publish_change

MAX_REWARDS = 200


def create_reward(site: Site, document: Mapping[str, Any], now: datetime) -> Reward:
    """Offer a reward, at the end of the catalogue, from a checked document.

    Its coupons come from a pool there is, or from one that is made with it. Raise InvalidFields.
    """
    values = dict(document)
    coupon, pool_id = values.pop("coupon", None), values.pop("pool_id", None)
    if (coupon is None) == (pool_id is None):
        raise InvalidFields(errors=[FieldError("#/coupon", "Say what its coupon is worth, or name a pool.")])
    wait_for_turn(f"rewards:{site.id}")
    _require_room(site.id)
    _check_tiers(site.id, values["tier_prices"])
    _check_period(values.get("starts_at"), values.get("ends_at"))
    if pool_id is None:
        pool_id = create_pool(site.id, coupon, now).id
    else:
        _require_pool(site.id, pool_id)
    last = db.session.scalar(select(func.max(Reward.position)).where(Reward.site_id == site.id))
    position = 0 if last is None else last + 1
    reward = Reward(site_id=site.id, id=new_id(), pool_id=pool_id, position=position, created_at=now, **values)
    db.session.add(reward)
    db.session.flush()
    publish_change(site)
    return reward


def change_reward(site: Site, reward: Reward, changes: Mapping[str, Any], now: datetime) -> None:
    """Change a reward from now on: what customers took stays as it was. Raise InvalidFields.

    Archiving it archives its pool too, unless another reward gives codes of it; brought back, it brings its pool.
    """
    db.session.refresh(reward, with_for_update=True)
    was_archived = reward.state == "archived"
    if "tier_prices" in changes:
        _check_tiers(site.id, changes["tier_prices"], known=reward.tier_prices)
    _check_period(changes.get("starts_at", reward.starts_at), changes.get("ends_at", reward.ends_at))
    if "pool_id" in changes:
        _require_pool(site.id, changes["pool_id"])
    for name, value in changes.items():
        setattr(reward, name, value)
    db.session.flush()
    pool = get_pool(site.id, reward.pool_id)
    if was_archived and reward.state != "archived":
        unarchive_pool(pool)
    if reward.state == "archived" and not list_rewards_of(site.id, pool.id):
        archive_pool(pool, now)
    publish_change(site)


def order_rewards(site: Site, ids: Sequence[uuid.UUID]) -> None:
    """Show rewards in this order; raise InvalidFields unless each that is not archived is named once."""
    wait_for_turn(f"rewards:{site.id}")
    rewards = {reward.id: reward for reward in list_rewards(site.id)}
    if len(ids) != len(set(ids)) or set(ids) != set(rewards):
        raise InvalidFields(errors=[FieldError("#/rewards", "Must name each reward that is not archived once.")])
    for position, reward_id in enumerate(ids):
        rewards[reward_id].position = position
    db.session.flush()
    publish_change(site)


def move_reward(site: Site, reward: Reward, step: int) -> None:
    """Move a reward up (-1) or down (1) in the catalogue; at its ends it stays."""
    ids = [each.id for each in list_rewards(site.id)]
    if reward.id not in ids:
        return
    place = ids.index(reward.id)
    other = min(max(place + step, 0), len(ids) - 1)
    ids[place], ids[other] = ids[other], ids[place]
    order_rewards(site, ids)


def _require_room(site_id: uuid.UUID) -> None:
    count = db.session.scalar(select(func.count()).select_from(Reward).where(Reward.site_id == site_id)) or 0
    if count >= MAX_REWARDS:
        raise InvalidFields(errors=[FieldError("#/texts", f"A site keeps at most {MAX_REWARDS} rewards.")])


def _require_pool(site_id: uuid.UUID, pool_id: uuid.UUID) -> None:
    pool = find_pool(site_id, pool_id)
    if pool is None or pool.archived_at is not None:
        raise InvalidFields(errors=[FieldError("#/pool_id", "There is no such pool of coupons.")])


def _check_tiers(site_id: uuid.UUID, prices: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> None:
    """Refuse prices for tiers that the program does not have; those that were there may stay."""
    rules = find_rules(site_id)
    tiers = {tier.key for tier in rules.tiers} if rules else set()
    strangers = sorted(set(prices) - tiers - set(known or ()))
    if strangers:
        errors = [FieldError(f"#/tier_prices/{key}", "There is no such tier.") for key in strangers]
        raise InvalidFields(errors=errors)


def _check_period(starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at is not None and ends_at is not None and starts_at >= ends_at:
        raise InvalidFields(errors=[FieldError("#/ends_at", "Must be after the beginning.")])
