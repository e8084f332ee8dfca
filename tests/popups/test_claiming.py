"""Eight processes give a pool's codes for addresses: each code once, one an address, and then a clear answer."""

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import make_pool
from tests.embed.shopper import assert_problem
from tests.long_run import at_length
from tests.popups.builders import lead, list_leads, list_mails, send_lead, start_campaign, visit
from tests.popups.claiming import claim_at_once
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.coupons.code_lists import read_codes
from widget.coupons.queries import count_by_state, get_pool
from widget.coupons.service import add_codes

PROCESSES, CODES = 8, at_length(1_000, otherwise=80)


def test_each_code_of_a_pool_is_given_to_one_address_and_then_there_are_none(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    codes = [f"CODE-{number}" for number in range(CODES)]
    with app.app_context():
        pool_id = make_pool(cast.maple.id, codes="uploaded")
        begin_writing_anew()
        add_codes(get_pool(cast.maple.id, pool_id), read_codes(codes), utc_now())
        db.session.commit()
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id), is_double_opt_in=False)
    given = claim_at_once(app, cast.maple.key, campaign_id, PROCESSES)
    assert [lines[-1] for lines in given] == ["There are no codes left"] * PROCESSES
    assert sorted(code for lines in given for code in lines[:-1]) == sorted(codes)
    problem = assert_problem(send_lead(client, cast.maple, lead(campaign_id, "late@x.example")), 409)
    assert problem["title"] == "There are no codes left"
    with app.app_context():
        db.session.rollback()
        assert count_by_state(cast.maple.id)[pool_id] == {"issued": CODES}
        assert get_pool(cast.maple.id, pool_id).available == 0
    assert len(list_leads(app)) == len({row.coupon_id for row in list_leads(app)}) == CODES


def test_one_address_asking_from_eight_browsers_at_once_gets_one_code(app: Flask, cast: Cast) -> None:
    with app.app_context():
        pool_id = make_pool(cast.maple.id)
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=str(pool_id), is_double_opt_in=False)
    client = app.test_client()
    visitors = [visit(client, cast.maple) for _ in range(PROCESSES)]

    def ask(visitor: dict[str, str]) -> int:
        return send_lead(app.test_client(), cast.maple, lead(campaign_id), visitor).status_code

    with ThreadPoolExecutor(PROCESSES) as browsers:
        statuses = sorted(browsers.map(ask, visitors))
    assert statuses == [201] * 3 + [429] * 5
    with app.app_context():
        assert count_by_state(cast.maple.id)[pool_id] == {"issued": 1}
    assert len(list_leads(app)) == 1
    assert len({word for mail in list_mails(app) for word in mail.text.split() if word.startswith("TEA-")}) == 1
