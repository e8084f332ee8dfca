"""Every language says everything, with the same places for values, and each offer can be said in it."""

import re
import uuid

import pytest
from babel import Locale

from widget.coupons.models import CouponPool
from widget.loyalty.texts import Words as PointWords
from widget.referrals.languages import en
from widget.referrals.program import Program, default_rules, read_program
from widget.referrals.texts import LANGUAGES, Words, choose_ui

COUNTED = ("FRIENDS", "DAYS", "COUPONS")
POOL_ID = uuid.UUID(int=7)
REWARDS = ({"kind": "points", "points": 200}, {"kind": "coupon", "pool_id": str(POOL_ID)}, {"kind": "none"})
POOLS = (
    CouponPool(kind="amount_off", amount_minor=500, currency="EUR", name="Five off"),
    CouponPool(kind="percent_off", percent_basis_points=750, name="Less"),
    CouponPool(kind="free_shipping", name="Free"),
    CouponPool(kind="gift_card", amount_minor=2000, currency="EUR", name="Card"),
    CouponPool(kind="free_product", name="A candle"),
)


def make_words(language: str, **own: str) -> Words:
    return Words(language, PointWords(language), {language: own} if own else {})


def make_program(**changes: object) -> Program:
    return read_program(1, default_rules("EUR") | changes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_says_what_english_says(language: str) -> None:
    texts = make_words(language).texts
    for part in ("SENTENCES", "UI", "LINK"):
        ours, english = getattr(texts, part), getattr(en, part)
        assert list(ours) == list(english)
        for name, text in ours.items():
            assert text.strip()
            assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", english[name])), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_texts_have_the_forms_of_their_language(language: str) -> None:
    known = Locale(language).plural_form.tags | {"other"}
    for name in COUNTED:
        forms = getattr(make_words(language).texts, name)
        assert "other" in forms
        assert forms.keys() <= known
        assert all("{n}" in form for key, form in forms.items() if key not in ("one", "two"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_offer_can_be_said(language: str) -> None:
    words = make_words(language)
    for friend in REWARDS:
        for advocate in REWARDS:
            rules = make_program(friend=friend, advocate=advocate, minimum_minor=2000)
            for pool in POOLS:
                said = [words.offer(rules, {POOL_ID: pool}), words.invitation(rules, {POOL_ID: pool})]
                said += [words.friend_terms(rules), *words.advocate_terms(rules)]
                assert all(text and not re.search(r"[{}]|  ", text) for text in said), said


def test_amounts_and_days_are_said_as_the_rules_have_them() -> None:
    words = make_words("en")
    terms = words.advocate_terms(make_program(minimum_minor=2000, hold_days=1))
    assert terms == [
        "A friend counts with their first paid order of €20 or more.",
        "Your reward comes when the order can no longer be returned: after 1 day.",
    ]
    assert len(words.advocate_terms(make_program(hold_days=0))) == 1
    said = [words.earned(0, 0), words.earned(200, 0), words.earned(0, 2), words.earned(200, 1)]
    assert said == ["0 points", "200 points", "2 coupons", "200 points + 1 coupon"]


def test_owners_own_words_come_before_ours() -> None:
    words = make_words("en", offer="Tea for two.", invitation="Tea for you.", terms="While it is hot.")
    rules = make_program()
    assert (words.offer(rules, {}), words.invitation(rules, {})) == ("Tea for two.", "Tea for you.")
    assert words.advocate_terms(rules) == ["While it is hot."]


def test_page_has_the_words_of_every_refusal_of_a_claim() -> None:
    slugs = {"offer-not-for-address", "referral-id-taken", "referral-code-not-found", "no-referral-program"}
    assert slugs <= choose_ui("en").keys()
