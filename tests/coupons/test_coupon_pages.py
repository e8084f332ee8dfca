"""The owner's pages of coupons: pools, lists that are uploaded, every code, and all of it as a file."""

import io
import uuid

import pytest
from flask import Flask

from tests.cast import Cast
from tests.coupons.builders import issue, make_pool
from tests.dashboard.owner import OwnerBrowser


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/loyalty/coupons"


def test_pool_is_made_in_a_form(alice: OwnerBrowser, page: str) -> None:
    assert "No coupon yet" in alice.get(page).text
    fields = {"name": "Spring", "kind": "gift_card", "amount": "12,50", "currency": "EUR", "codes": "made"}
    made = alice.post(f"{page}/new", page=f"{page}/new", **fields)
    assert made.status_code == 302
    assert "Gift card of €12.50" in alice.get(made.headers["Location"]).text
    refused = alice.post(f"{page}/new", page=f"{page}/new", **(fields | {"amount": "some"}))
    assert (refused.status_code, 'id="amount-error"' in refused.text) == (422, True)


def test_list_is_uploaded_with_a_report_of_each_line(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id, codes="uploaded", name="Checkout codes", low_stock=3)
    path = f"{page}/{pool}"
    token = alice.read_token(path)

    def upload(body: bytes, **fields: str) -> str:
        data = {"csrf_token": token, "file": (io.BytesIO(body), "codes.csv"), **fields}
        return alice.client.post(f"{path}/codes", data=data, follow_redirects=True).text

    told = upload(b"\xef\xbb\xbfname,code\nspring,A-1\nspring,a-1\n\nspring,'=B2\nspring,C 3\n")
    for words in ("2 codes are added.", "2 lines were not taken:", "Line 3:", "Stands in line 2 already.", "Line 6:"):
        assert words in told, words
    assert "1 code is added." in upload(b"", lines="D-4\n")
    assert "not text in UTF-8" in upload(b"\xff\xfe\x00")
    assert "Choose a file or paste at least one code." in upload(b"")
    shown = alice.get(page).text
    assert "“Checkout codes” has 3 codes left." in shown
    codes = "\n".join(f"{number:064}" for number in range(9_990)).encode()
    assert "9,990 codes are added." in upload(codes)
    assert "has 3 codes left" not in alice.get(page).text


def test_codes_are_filtered_and_exported(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        first, second = make_pool(cast.maple.id), make_pool(cast.maple.id, name="Others")
        wanted, other = issue(cast.maple.id, first), issue(cast.maple.id, second)
    shown = alice.get(f"{page}/codes?pool={first}&state=issued&code={wanted.code[:8].lower()}").text
    assert (wanted.code in shown, other.code in shown) == (True, False)
    lines = alice.get(f"{page}/export?pool={first}").text.splitlines()
    assert lines[0].startswith("code,state,pool,kind,amount")
    assert [line.split(",")[:6] for line in lines[1:]] == [
        [wanted.code, "issued", "5 EUR off", "amount_off", "5.00", "EUR"]
    ]
    for query in ("state=lost", "pool=x", "code=%00"):
        assert alice.get(f"{page}/codes?{query}").status_code == 422
    assert alice.get(f"{page}/export?format=pdf").status_code == 422


def test_pool_is_changed_archived_and_brought_back(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id)
    path = f"{page}/{pool}"
    assert alice.post(f"{path}/edit", page=path, name="Autumn", prefix="aut", valid_days="10").status_code == 302
    assert "Autumn" in alice.get(path).text
    assert alice.post(f"{path}/edit", page=path, name="Autumn", prefix="a-b").status_code == 422
    for action, words in (("archive", "Archived: nobody gets a code from here."), ("unarchive", "Archive this pool")):
        for _ in range(2):
            alice.post(f"{path}/{action}", page=path)
        assert words in alice.get(path).text
    assert alice.get(f"{page}/{uuid.uuid4()}").status_code == 404
