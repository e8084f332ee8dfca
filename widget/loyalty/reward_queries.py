"""Reading the catalogue of rewards."""

import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.loyalty.errors import RewardNotFound
from widget.loyalty.reward_models import Redemption, Reward


def get_reward(site_id: uuid.UUID, reward_id: uuid.UUID) -> Reward:
    """Return a reward; raise RewardNotFound."""
    reward = db.session.get(Reward, (site_id, reward_id))
    if reward is None:
        raise RewardNotFound()
    return reward


def list_rewards(site_id: uuid.UUID, *, with_archived: bool = False) -> Sequence[Reward]:
    """Return a site's rewards as they are shown, archived ones last."""
    statement = select(Reward).where(Reward.site_id == site_id)
    if not with_archived:
        statement = statement.where(Reward.state != "archived")
    return db.session.scalars(statement.order_by(Reward.state == "archived", Reward.position, Reward.id)).all()


def list_rewards_page(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[Reward]:
    """Return one page of a site's rewards, newest first, archived ones too."""
    return list_page(select(Reward).where(Reward.site_id == site_id), Reward.created_at, Reward.id, cursor, limit)


def count_taken(site_id: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """Return how often each reward was taken and not given back."""
    statement = (
        select(Redemption.reward_id, func.count())
        .where(Redemption.site_id == site_id, Redemption.state != "cancelled")
        .group_by(Redemption.reward_id)
    )
    return dict(db.session.execute(statement).tuples().all())


def list_rewards_of(site_id: uuid.UUID, pool_id: uuid.UUID) -> Sequence[Reward]:
    """Return the rewards, archived ones aside, that give codes of a pool."""
    statement = select(Reward).where(Reward.site_id == site_id, Reward.pool_id == pool_id, Reward.state != "archived")
    return db.session.scalars(statement.order_by(Reward.position, Reward.id)).all()
