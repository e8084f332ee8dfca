"""A store's first page: what changed this week, who is unhappy, and what is still to be set up."""

from datetime import timedelta

from flask import render_template

from widget.core.clock import utc_now
from widget.customers.queries import map_customers
from widget.dashboard.home_words import describe_figures, list_point_sentences, list_sentences
from widget.insights.queries import describe_week
from widget.loyalty.report_queries import read_recent
from widget.orders.queries import has_orders
from widget.referrals.owner_queries import count_states
from widget.reviews import owner_words
from widget.reviews.owner_queries import count_outcomes, describe_recent
from widget.sites.doors import current_site, pages_blueprint
from widget.surveys.filters import ResponseFilter
from widget.surveys.queries import list_surveys, list_unhappy
from widget.surveys.summaries import summarise

UNHAPPY_DAYS = 14
UNHAPPY_SHOWN = 4
SURVEYS_SHOWN = 4
REVIEW_DAYS = 30
WEEK = timedelta(days=7)

blueprint = pages_blueprint("home", __name__)


@blueprint.route("/")
def show_home() -> str:
    """Show the week in numbers and in words."""
    site, today = current_site(), utc_now().date()
    week = describe_week(site, today)
    currency = site.reporting_currency
    live = [survey for survey in list_surveys(site) if survey.state == "live"]
    unhappy = list_unhappy(live, utc_now() - timedelta(days=UNHAPPY_DAYS), UNHAPPY_SHOWN)
    scored = [survey for survey in live if survey.kind in ("nps", "csat", "ces")][:SURVEYS_SHOWN]
    points_now, points_lately = read_recent(site.id, utc_now() - WEEK)
    return render_template(
        "dashboard/site_home.html",
        today=today,
        figures=describe_figures(week, currency),
        sentences=[*list_sentences(week, currency), *list_point_sentences(points_lately)],
        points_now=points_now,
        points_lately=points_lately,
        referral_counts=count_states(site.id),
        unhappy=unhappy,
        surveys={survey.id: survey for survey in live},
        customers=map_customers(site.id, [answer.customer_id for answer in unhappy if answer.customer_id]),
        scores=[(survey, summarise(survey, ResponseFilter())) for survey in scored],
        review_counts=count_outcomes(site.id),
        recent_reviews=describe_recent(site.id, utc_now() - timedelta(days=REVIEW_DAYS)),
        words=owner_words,
        missing_steps=[
            name
            for name, is_done in (
                ("script", site.last_seen_at is not None),
                ("survey", bool(live)),
                ("orders", has_orders(site.id)),
            )
            if not is_done
        ],
    )
