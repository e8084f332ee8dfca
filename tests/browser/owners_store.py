"""A store of its own for the tests of the dashboard, so that shoppers of other tests do not change its numbers."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from playwright.sync_api import Browser, Page

from tests.browser.buyers import ADA, Buyers, make_buyers
from tests.browser.desk import work_through
from tests.browser.loyalty_store import Loyalty, add_loyalty
from tests.browser.popups_store import Popups, add_popups
from tests.browser.referrals_store import Referrals, add_referrals
from tests.cast import PASSWORD
from tests.orders.builders import NOON, make_line, make_order, make_refund, take
from tests.reviews.builders import make_review
from tests.servers import LiveServer
from tests.surveys.builders import make_customer, make_impression, make_response, make_survey, name_fields
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.mail import queue_mail
from widget.core.tokens import sign_token
from widget.customers.rules import Buyer
from widget.orders.service import save_rates
from widget.reviews.answering import save_reply
from widget.reviews.reader_models import ReviewReport
from widget.reviews.recording import add_review
from widget.reviews.settings import change_settings
from widget.sites import invitations, owners, service
from widget.sites.audit import note_action_of
from widget.sites.models import MemberInvitation, Owner, Site


@dataclass(frozen=True)
class OwnersStore:
    """Where the dashboard of one store is, and who may log in."""

    base_url: str
    key: str
    email: str
    answered_id: uuid.UUID
    unanswered_id: uuid.UUID
    invitation: str
    report: str
    buyers: Buyers
    order_id: uuid.UUID
    review_id: uuid.UUID
    loyalty: Loyalty
    popups: Popups
    referrals: Referrals

    @property
    def home(self) -> str:
        return f"{self.base_url}/dashboard/{self.key}"

    def list_pages(self) -> dict[str, str]:
        """Return every page an owner of the store can open, by name."""
        answered = f"{self.home}/surveys/{self.answered_id}"
        unanswered = f"{self.home}/surveys/{self.unanswered_id}"
        return {
            "stores": f"{self.base_url}/dashboard/?all=1",
            "account": f"{self.base_url}/dashboard/account",
            "home": f"{self.home}/",
            "surveys": f"{self.home}/surveys",
            "install": f"{self.home}/install",
            "forgotten password": f"{self.base_url}/dashboard/forgotten",
            "ended link": f"{self.base_url}/dashboard/new-password/x",
            "ended invitation": f"{self.base_url}/dashboard/invitations/x",
            "invitation": f"{self.base_url}{self.invitation}",
            "results": f"{answered}?by=day",
            "results without answers": unanswered,
            "comments": f"{answered}/comments",
            "comments by a filter": f"{answered}/comments?bucket=promoter&text=lovely&with_comment=1",
            "comments without answers": f"{unanswered}/comments?with_comment=1",
            "comments by a bad filter": f"{answered}/comments?from=2026-05-02&until=2026-05-01",
            "questions": f"{answered}/questions",
            "questions without answers": f"{unanswered}/questions",
            "words": f"{answered}/words",
            "words without comments": f"{unanswered}/words",
            "comparison": f"{answered}/comparison",
            "comparison of groups": f"{answered}/comparison?a.hidden.touchpoint=Order&b.hidden.touchpoint=Delivery",
            "share": f"{answered}/share?bucket=promoter",
            "report": f"{self.base_url}{self.report}",
            "report that is none": f"{self.base_url}/l/r/x",
            "edit": f"{answered}/edit",
            "kinds": f"{self.home}/surveys/new",
            "new": f"{self.home}/surveys/new?kind=csat",
            "new quiz": f"{self.home}/surveys/new?kind=quiz",
            "look": f"{self.home}/look",
            **self._list_order_pages(),
            **self._list_customer_pages(),
            **self._list_loyalty_pages(),
            **self._list_review_pages(),
            "error": f"{self.home}/nothing-here",
        }

    def _list_order_pages(self) -> dict[str, str]:
        settings = f"{self.home}/settings"
        return {
            "orders": f"{self.home}/orders",
            "no order": f"{self.home}/orders?state=delivered",
            "an order": f"{self.home}/orders/{self.order_id}",
            "numbers": f"{self.home}/numbers?metric=orders&by=week",
            "settings": settings,
            "platforms": f"{settings}/platforms",
            "currency and rates": f"{settings}/rates",
            "mails": f"{settings}/mails",
            "what owners did": f"{settings}/activity",
            "what nobody did": f"{settings}/activity?owner=nobody@x.example",
        }

    def _list_review_pages(self) -> dict[str, str]:
        reviews = f"{self.home}/reviews"
        return {
            "reviews": reviews,
            "hidden reviews": f"{reviews}?state=rejected&stars=1,2&verified=1&q=nothing",
            "all reviews": f"{reviews}?state=all",
            "reviews by a bad filter": f"{reviews}?stars=9",
            "review": f"{reviews}/{self.review_id}",
            "reviewed products": f"{reviews}/products",
            "reviewed product": f"{reviews}/products/POT-03/facts",
            "settings of reviews": f"{reviews}/settings",
            "new scale": f"{reviews}/settings/attributes/new?type=scale",
            "attribute": f"{reviews}/settings/attributes/size",
        }

    def _list_popup_pages(self) -> dict[str, str]:
        popups = f"{self.home}/popups"
        return {
            "campaigns": popups,
            "new campaign": f"{popups}/new",
            "results of a campaign": f"{popups}/{self.popups.sure_id}",
            "results of wrong sizes": f"{popups}/{self.popups.doubtful_id}",
            "results of nobody": f"{popups}/{self.popups.draft_id}",
            "edit campaign": f"{popups}/{self.popups.sure_id}/edit",
            "leads": f"{popups}/leads",
            "no lead": f"{popups}/leads?state=unsubscribed",
            "leads by a bad filter": f"{popups}/leads?state=lost",
            "lead": f"{popups}/leads/{self.popups.lead_id}",
        }

    def _list_referral_pages(self) -> dict[str, str]:
        referrals = f"{self.home}/referrals"
        return {
            "referral program": referrals,
            "edit referral program": f"{referrals}/edit",
            "versions of the referral program": f"{referrals}/history",
            "held referrals": f"{referrals}/held",
            "friends": f"{referrals}/friends",
            "no friends": f"{referrals}/friends?state=expired",
            "friends by a bad filter": f"{referrals}/friends?state=lost",
            "held referral": f"{referrals}/friends/{self.referrals.held_id}",
            "advocates": f"{referrals}/advocates",
            "no advocates": f"{referrals}/advocates?q=nobody",
            "advocate": f"{referrals}/advocates/{self.referrals.advocate_id}",
            "funnel": f"{referrals}/funnel",
            "contests": f"{referrals}/contests",
            "contest": f"{referrals}/contests/{self.referrals.contest_id}",
            "drawn contest": f"{referrals}/contests/{self.referrals.drawn_id}",
        }

    def _list_customer_pages(self) -> dict[str, str]:
        customers, segments = f"{self.home}/customers", f"{self.home}/segments"
        return {
            "customers": customers,
            "customers in a segment": f"{customers}?segment={self.buyers.segment_id}&sort=revenue",
            "customers nobody is": f"{customers}?q=nobody",
            "customers by a bad address": f"{customers}?segment=x",
            "customer": f"{customers}/{self.buyers.ada_id}",
            "guest": f"{customers}/{self.buyers.guest_id}",
            "segments": segments,
            "segment": f"{segments}/{self.buyers.segment_id}",
            "edit segment": f"{segments}/{self.buyers.segment_id}/edit",
            "new segment": f"{segments}/new",
            "new segment from a start": f"{segments}/new?start=at_risk",
        }

    def _list_loyalty_pages(self) -> dict[str, str]:
        loyalty = f"{self.home}/loyalty"
        return {
            "program": loyalty,
            "customers by points": f"{loyalty}/customers",
            "nobody by points": f"{loyalty}/customers?show=owing&q=nothing",
            "customers by a bad filter": f"{loyalty}/customers?show=all",
            "points of a customer": f"{loyalty}/customers/{self.buyers.ada_id}",
            "report of points": f"{loyalty}/report",
            "report of no days": f"{loyalty}/report?from=soon",
            "edit program": f"{loyalty}/edit",
            "versions of the program": f"{loyalty}/history",
            "expiry of points": f"{loyalty}/expiry",
            "rewards": f"{loyalty}/rewards",
            "new reward": f"{loyalty}/rewards/new",
            "edit reward": f"{loyalty}/rewards/{self.loyalty.reward_id}/edit",
            "pools": f"{loyalty}/coupons",
            "new pool": f"{loyalty}/coupons/new",
            "pool": f"{loyalty}/coupons/{self.loyalty.pool_id}",
            "made pool": f"{loyalty}/coupons/{self.loyalty.made_pool_id}",
            "codes": f"{loyalty}/coupons/codes",
            "codes by a filter": f"{loyalty}/coupons/codes?state=redeemed",
            "codes by a bad filter": f"{loyalty}/coupons/codes?state=lost",
            **self._list_popup_pages(),
            **self._list_referral_pages(),
        }


def make_store(server: LiveServer) -> OwnersStore:
    """Make a store with two members, an answered survey and one nobody answered."""
    name = uuid.uuid4().hex[:8]
    with server.app.app_context():
        begin_writing()
        site = service.create_site(f"Store {name}", [f"https://{name}.example"]).site
        alice = owners.create_owner(f"alice@{name}.example", PASSWORD)
        owners.add_member(site, alice, "owner")
        owners.add_member(site, owners.create_owner(f"erin@{name}.example", PASSWORD), "viewer")
        answered = make_survey(site.id, event_name="order_placed", url_rules=[["contains", "/order"]])
        unanswered = make_survey(site.id, "csat", "Checkout", display="inline")
        name_fields(answered, "touchpoint")
        carol = make_customer(site.id)
        db.session.flush()
        for number in range(60):
            make_response(
                answered,
                number % 11,
                answered_at=utc_now() - timedelta(days=number % 20, minutes=1),
                comment="Lovely, arrived early." if number % 3 else None,
                hidden={"touchpoint": "Order" if number % 2 else "Delivery"},
                language="it" if number % 4 else "en",
                customer_id=carol.id if number == 5 else None,
                page_url="https://shop.example/a/very/long/path/that/goes/on/and/on/order/confirmation",
                flag="burst" if number == 7 else None,
            )
            make_impression(answered)
        links = (_look_back(server, site, alice), work_through(answered))
        buyers = make_buyers(site.id, make_survey(site.id, name="A year with us"))
        db.session.commit()
        order_id = _take_orders(site)
        review_id = _take_reviews(site)
        db.session.commit()
        loyalty = add_loyalty(site, buyers.ada_id)
        popups = add_popups(site, buyers.ada_id)
        referrals = add_referrals(site, buyers.ada_id)
        ids = (answered.id, unanswered.id)
        rooms = (loyalty, popups, referrals)
        return OwnersStore(server.base_url, site.key, alice.email, *ids, *links, buyers, order_id, review_id, *rooms)


def _take_reviews(site: Site) -> uuid.UUID:
    """Give the store reviews that wait, are shown and hidden, and what is asked beside stars; return one with all."""
    held: dict[str, object] = {"state": "pending", "hold_reason": "suspicious", "flags": ["links", "twin"]}
    whole = make_review(
        site.id, email="carol@x.example", attributes={"size": "m"}, is_incentivized=True, incentive="100 points",
        is_featured=True, reports=1,
    )  # fmt: skip
    hidden = {"rating": 1, "state": "rejected", "reject_reason": "off_topic", "title": "x" * 150}
    others = [make_review(site.id, title=f"Waiting {number}", **held) for number in range(4)]
    for review in (whole, make_review(site.id, **hidden), *others):
        add_review(review, "submitted", "author")
    report = {"reader_key": "v:1", "reason": "fake", "note": "Never bought it", "created_at": utc_now()}
    db.session.add(ReviewReport(site_id=site.id, review_id=whole.id, **report))
    save_reply(site.id, whole.id, "alice@x.example", "Thank you.", site.name)
    choices = [{"id": "s", "labels": {"en": "Small"}}, {"id": "m", "labels": {"en": "Medium"}}]
    size = {"key": "size", "type": "choice", "labels": {"en": "Size", "it": "Taglia"}, "choices": choices}
    change_settings(site.id, {"attributes": [size]})
    return whole.id


def _take_orders(site: Site) -> uuid.UUID:
    """Give the store an order with all there may be of one, and one in a currency without a rate; return the first."""
    whole = make_order(
        1, number="#1001", lines=[make_line(title="A teapot with a long name, blue")], refunds=[make_refund()],
        coupon_codes=["SPRING10"], paid_at=NOON, buyer=ADA,
    )  # fmt: skip
    first, _ = take(site.id, whole, make_order(2, currency="CHF", buyer=Buyer()))
    save_rates(site.id, {("USD", NOON.date()): 900_000_000})
    return first.id


def _look_back(server: LiveServer, site: Site, alice: Owner) -> str:
    """Give the store an invitation, mails in each state and something owners did; return the invitation's link."""
    with server.app.test_request_context():
        invitation = invitations.invite_member(site, f"fay@{site.key}.example", "editor", alice)
        link = url_for("invitations_account.show_invitation", token=_sign(site, invitation))
    for number, state in enumerate(("sent_at", "failed_at", "error")):
        mail = queue_mail("fay@x.example", f"An invitation to say how it was, the {number}", "Hi", site_id=site.id)
        mail.due_at += timedelta(days=1)
        setattr(mail, state, "The mail server did not answer in time." if state == "error" else utc_now())
    for action, subject in (("key.made", "Nightly report"), ("owner.logged_in", alice.email), ("x.y", "z" * 300)):
        note_action_of(site, alice.email, action, subject)
    return link


def _sign(site: Site, invitation: MemberInvitation) -> str:
    return sign_token(invitations.PURPOSE, site.id, invitation.id.hex)


@contextmanager
def owner_page(browser: Browser, store: OwnersStore, **options: object) -> Iterator[Page]:
    """Yield a page in which the owner has logged in; what the console complains of fails the test."""
    context = browser.new_context(**options)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{store.base_url}/dashboard/login")
    page.get_by_label("E-mail").fill(store.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    page.wait_for_url(f"{store.home}/")
    try:
        yield page
    finally:
        context.close()
    # A refusal's own status is no complaint; a blocked style, script or request is.
    assert [text for text in complaints if "responded with a status of 4" not in text] == []
