"""The store's door for the rules of the program, the rewards, and codes that orders use."""

import uuid
from typing import Any

from widget.core.clock import utc_now
from widget.core.paging import Cursor
from widget.core.parsing import PageQuery
from widget.coupons.queries import get_pool, map_pools
from widget.coupons.schemas import CouponOut, UseIn, describe_coupon
from widget.customers.queries import map_customers
from widget.loyalty import program_service, redating, reward_queries, reward_service
from widget.loyalty.program_queries import get_program, get_version
from widget.loyalty.program_schemas import (
    ExpiryIn,
    PreviewOut,
    ProgramIn,
    ProgramOut,
    RulesIn,
    describe_preview,
    describe_program,
)
from widget.loyalty.reward_models import Reward
from widget.loyalty.reward_schemas import RewardChanges, RewardIn, RewardOrderIn, RewardOut, RewardsOut, describe_reward
from widget.loyalty.using import use_coupon
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint(
    "loyalty_program", __name__, "The points program: its rules, its rewards, and codes orders use"
)

# Who is said to have changed the program through this door.
ACTOR = "store"


@blueprint.route("/loyalty/program")
@blueprint.response(200, ProgramOut)
def show_program() -> dict[str, Any]:
    """Return the program with the rules of its present version."""
    return _describe_program()


@blueprint.route("/loyalty/program", methods=["PUT"])
@blueprint.arguments(ProgramIn)
@blueprint.response(200, ProgramOut)
def put_program(document: dict[str, Any]) -> dict[str, Any]:
    """Make these the rules from now on; a change is a new version, the same rules again are none.

    Points already given keep their expiry. Tiers follow at once, so say how many customers that puts lower.
    """
    site, now = current_site(), utc_now()
    rules = program_service.check_rules(site.id, document["rules"], "#/rules")
    confirmed = document["confirmed_down"]
    program_service.change_program(site, rules, now, actor=ACTOR, confirmed_down=confirmed)
    if "state" in document:
        program_service.set_state(site, document["state"], now)
    return _describe_program()


@blueprint.route("/loyalty/program/preview", methods=["POST"])
@blueprint.arguments(RulesIn)
@blueprint.response(200, PreviewOut)
def post_preview(document: dict[str, Any]) -> dict[str, Any]:
    """Say what rules would change for points and tiers that customers have already; nothing is stored."""
    site = current_site()
    rules = program_service.check_rules(site.id, document["rules"], "#/rules")
    return describe_preview(program_service.preview_change(site.id, rules, utc_now()))


@blueprint.route("/loyalty/program/expiry", methods=["POST"])
@blueprint.arguments(ExpiryIn)
@blueprint.response(200, PreviewOut)
def post_expiry(document: dict[str, Any]) -> dict[str, Any]:
    """Give points there are the expiry of the present rules, if the figures are still those of the preview.

    The answer is what is left to change.
    """
    site, now = current_site(), utc_now()
    get_program(site.id)
    redating.apply_expiry(site.id, now, actor=ACTOR, confirmed=document["confirmed"])
    rules = get_version(get_program(site.id)).rules
    return describe_preview(program_service.preview_change(site.id, rules, now))


@blueprint.route("/rewards")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, RewardsOut)
def list_rewards(page: dict[str, Any]) -> dict[str, Any]:
    """Return the rewards, newest first, archived ones too."""
    site_id = current_site().id
    cursor = Cursor.decode(page["cursor"]) if "cursor" in page else None
    found = reward_queries.list_rewards_page(site_id, cursor, page["limit"])
    pools = map_pools(site_id, {reward.pool_id for reward in found.items})
    items = [describe_reward(reward, pools[reward.pool_id]) for reward in found.items]
    return {"items": items, "next_cursor": found.next_cursor}


@blueprint.route("/rewards", methods=["POST"])
@blueprint.arguments(RewardIn)
@blueprint.response(201, RewardOut)
def post_reward(document: dict[str, Any]) -> dict[str, Any]:
    """Offer a reward, with its coupon in one step; it is a draft unless `state` says it is live."""
    return _describe_reward(reward_service.create_reward(current_site(), document, utc_now()))


@blueprint.route("/rewards/order", methods=["PUT"])
@blueprint.arguments(RewardOrderIn)
@blueprint.response(204)
def put_order(document: dict[str, Any]) -> None:
    """Put the rewards in order: name each that is not archived once."""
    reward_service.order_rewards(current_site(), document["rewards"])


@blueprint.route("/rewards/<uuid:reward_id>")
@blueprint.response(200, RewardOut)
def show_reward(reward_id: uuid.UUID) -> dict[str, Any]:
    """Return one reward."""
    return _describe_reward(reward_queries.get_reward(current_site().id, reward_id))


@blueprint.route("/rewards/<uuid:reward_id>", methods=["PATCH"])
@blueprint.arguments(RewardChanges)
@blueprint.response(200, RewardOut)
def patch_reward(changes: dict[str, Any], reward_id: uuid.UUID) -> dict[str, Any]:
    """Change a reward from now on; `{"state": "archived"}` takes it out of the catalogue, with its pool."""
    reward = reward_queries.get_reward(current_site().id, reward_id)
    reward_service.change_reward(current_site(), reward, changes, utc_now())
    return _describe_reward(reward)


@blueprint.route("/coupons/<store_id:code>/redemption", methods=["POST"])
@blueprint.arguments(UseIn)
@blueprint.response(200, CouponOut, description="It was used by this order, now or before")
def post_use(document: dict[str, Any], code: str) -> dict[str, Any]:
    """Note that an order used a code; for the same order a repeat is the same, another order is refused."""
    site_id = current_site().id
    coupon, _is_new = use_coupon(site_id, code, document["order"], utc_now())
    customers = map_customers(site_id, [coupon.customer_id] if coupon.customer_id else [])
    name = customers[coupon.customer_id].external_id if coupon.customer_id else None
    return describe_coupon(coupon, get_pool(site_id, coupon.pool_id), name)


def _describe_program() -> dict[str, Any]:
    program = get_program(current_site().id)
    return describe_program(program, get_version(program))


def _describe_reward(reward: Reward) -> dict[str, Any]:
    return describe_reward(reward, get_pool(reward.site_id, reward.pool_id))
