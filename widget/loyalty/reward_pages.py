"""The owner's pages of rewards: the catalogue in its order, and making and changing one."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.formats import current_locale
from widget.core.problems import InvalidFields
from widget.coupons import queries as coupon_queries
from widget.coupons import words as coupon_words
from widget.coupons.pool_view import list_currencies
from widget.loyalty import reward_queries, reward_service
from widget.loyalty.program_queries import find_rules
from widget.loyalty.reward_form import RewardForm
from widget.loyalty.reward_models import Reward
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

reading = pages_blueprint("rewards", __name__)
editing = pages_blueprint("reward_forms", __name__, reading="editor")

MOVES = {"up": -1, "down": 1}


@reading.route("/loyalty/rewards")
def show_rewards() -> str:
    """Show the catalogue: prices, stock, coupons, and how often each reward was taken."""
    site_id = current_site().id
    rewards = reward_queries.list_rewards(site_id, with_archived=True)
    rules = find_rules(site_id)
    return render_template(
        "loyalty/rewards.html",
        rewards=rewards,
        pools=coupon_queries.map_pools(site_id, {reward.pool_id for reward in rewards}),
        taken=reward_queries.count_taken(site_id),
        low_pools=coupon_queries.list_low_pools(site_id),
        has_program=rules is not None,
        tier_names={tier.key: _name(tier.names) for tier in rules.tiers} if rules else {},
        name_of=name_of,
        describe_worth=coupon_words.describe_worth,
        is_low=coupon_queries.is_low,
    )


@editing.route("/loyalty/rewards/new")
def show_new_reward() -> str:
    """Show the form of a new reward."""
    site = current_site()
    return _render(RewardForm.started(find_rules(site.id), site.reporting_currency))


@editing.route("/loyalty/rewards/new", methods=["POST"])
def create_reward() -> Any:
    """Offer a reward with its coupon."""
    site = current_site()
    form = RewardForm(request.form, find_rules(site.id))
    document, reward = form.read_new(), None
    if document is not None:
        try:
            state = "live" if request.form.get("do") == "live" else "draft"
            reward = reward_service.create_reward(site, document | {"state": state}, utc_now())
        except InvalidFields as problem:
            form.add_problem(problem)
    if reward is None:
        return _render(form), 422
    note_action("reward.created", name_of(reward))
    if coupon_queries.get_pool(site.id, reward.pool_id).codes == "uploaded":
        flash(_("“%(name)s” is saved. Upload its codes now.", name=name_of(reward)))
        return redirect(url_for("coupons_pages.show_pool", pool_id=reward.pool_id))
    flash(_("“%(name)s” is saved.", name=name_of(reward)))
    return _back()


@editing.route("/loyalty/rewards/<uuid:reward_id>/edit")
def show_edit_reward(reward_id: uuid.UUID) -> str:
    """Show the form of a reward as it is."""
    reward = _get_reward(reward_id)
    return _render(RewardForm.of(reward, find_rules(reward.site_id)))


@editing.route("/loyalty/rewards/<uuid:reward_id>/edit", methods=["POST"])
def change_reward(reward_id: uuid.UUID) -> Any:
    """Change a reward from now on."""
    reward = _get_reward(reward_id)
    form = RewardForm(request.form, find_rules(reward.site_id), reward)
    changes = form.read_changes()
    if changes is not None:
        try:
            reward_service.change_reward(current_site(), reward, changes, utc_now())
        except InvalidFields as problem:
            form.add_problem(problem)
    if form.errors:
        return _render(form), 422
    note_action("reward.changed", name_of(reward))
    flash(_("“%(name)s” is saved.", name=name_of(reward)))
    return _back()


@editing.route("/loyalty/rewards/<uuid:reward_id>/state", methods=["POST"])
def set_state(reward_id: uuid.UUID) -> BaseResponse:
    """Offer a reward, take it back into drafts, or archive it."""
    reward, state = _get_reward(reward_id), request.form.get("state", "")
    if state in ("draft", "live", "archived") and state != reward.state:
        reward_service.change_reward(current_site(), reward, {"state": state}, utc_now())
        note_action(f"reward.{state}", name_of(reward))
        flash(_say_state(reward))
    return _back()


@editing.route("/loyalty/rewards/<uuid:reward_id>/move", methods=["POST"])
def move_reward(reward_id: uuid.UUID) -> BaseResponse:
    """Move a reward up or down in the catalogue."""
    step = MOVES.get(request.form.get("to", ""), 0)
    reward_service.move_reward(current_site(), _get_reward(reward_id), step)
    return redirect(url_for("rewards_pages.show_rewards", _anchor=f"reward-{reward_id}"))


def name_of(reward: Reward) -> str:
    """Return a reward's name in the language of the page, else in the first it has."""
    return _name({language: said["name"] for language, said in reward.texts.items()})


def _name(names: Any) -> str:
    return str(names.get(current_locale().language) or next(iter(names.values()), ""))


def _say_state(reward: Reward) -> str:
    said = {
        "live": _("“%(name)s” can be had now.", name=name_of(reward)),
        "draft": _("“%(name)s” is a draft: customers do not see it.", name=name_of(reward)),
        "archived": _("“%(name)s” is archived. Codes that customers have stay good.", name=name_of(reward)),
    }
    return str(said[reward.state])


def _get_reward(reward_id: uuid.UUID) -> Reward:
    return reward_queries.get_reward(current_site().id, reward_id)


def _back() -> BaseResponse:
    return redirect(url_for("rewards_pages.show_rewards"))


def _render(form: RewardForm) -> str:
    site_id, reward = current_site().id, form.reward
    return render_template(
        "loyalty/reward_form.html",
        form=form,
        reward=reward,
        pool=coupon_queries.get_pool(site_id, reward.pool_id) if reward else None,
        pools=coupon_queries.list_pools(site_id),
        currencies=list_currencies(),
        words=coupon_words,
        tier_name=_name,
        name_of=name_of,
    )
