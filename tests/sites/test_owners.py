"""Owners: slow hashes, counted failures, sessions that end, and a site that keeps an owner."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from argon2 import extract_parameters
from argon2.low_level import Type
from flask import Flask

from tests.cast import PASSWORD, Cast
from tests.passwords import PRODUCT_HASHER
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.ids import hash_secret, new_id
from widget.sites import logins, owners
from widget.sites.errors import EmailTaken, LastOwner, TooManyLogins
from widget.sites.models import LoginAttempt, Membership, Owner, OwnerSession, Site
from widget.sites.queries import find_owner_by_email, find_owner_session

ALICE = "alice@maple.example"
HOME = "203.0.113.7"


@pytest.fixture
def in_database(app: Flask, cast: Cast) -> Iterator[Cast]:
    """One writing transaction, undone at the end."""
    with app.app_context():
        begin_writing()
        yield cast
        db.session.rollback()


def log_in(email: str, password: str, address: str) -> str | None:
    """Log in as the page does, in one transaction."""
    owner = logins.take_attempt(logins.check_password(email, password, address))
    return owners.start_session(owner) if owner else None


def alice() -> Owner:
    owner = find_owner_by_email(ALICE)
    assert owner is not None
    return owner


def fail(times: int, *, account: str = "somebody@else.example", address: str = "198.51.100.1") -> None:
    """Note failed log-ins without the time that real ones take."""
    for _ in range(times):
        db.session.add(
            LoginAttempt(
                id=new_id(),
                account_hash=logins.keyed_hash(account),
                address_hash=logins.keyed_hash(address),
                attempted_at=utc_now(),
            )
        )
    db.session.flush()


@pytest.mark.usefixtures("in_database")
def test_password_is_stored_as_argon2id(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "_hasher", PRODUCT_HASHER)
    owner = owners.create_owner("dora@maple.example", PASSWORD)
    parameters = extract_parameters(owner.password_hash)
    # RFC 9106's recommendation for machines with little memory: 64 MiB, three passes.
    assert (parameters.type, parameters.memory_cost, parameters.time_cost) == (Type.ID, 65536, 3)
    assert PASSWORD not in owner.password_hash
    assert owners.has_password(owner, PASSWORD)
    assert not owners.has_password(owner, PASSWORD + " ")
    assert not owners.has_password(None, "no account has this password but itself")


@pytest.mark.usefixtures("in_database")
def test_unknown_account_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    monkeypatch.setattr(owners, "_hasher", type("Hasher", (), {"verify": lambda _, h, __: verified.append(h)})())
    owners.has_password(None, "x")
    assert verified == [owners._UNKNOWN_ACCOUNT_HASH]


@pytest.mark.usefixtures("in_database")
def test_email_belongs_to_one_owner() -> None:
    with pytest.raises(EmailTaken):
        owners.create_owner(ALICE, PASSWORD)


@pytest.mark.usefixtures("in_database")
def test_right_password_starts_a_session_whose_secret_is_not_stored() -> None:
    token = log_in(ALICE, PASSWORD, HOME)
    assert token is not None
    session = db.session.scalars(db.select(OwnerSession)).one()
    assert session.token_hash == hash_secret(token) != token
    assert find_owner_session(token, utc_now()) is session
    assert find_owner_session(session.token_hash, utc_now()) is None


@pytest.mark.usefixtures("in_database")
def test_each_log_in_has_a_secret_of_its_own() -> None:
    tokens = {log_in(ALICE, PASSWORD, HOME) for _ in range(2)}
    assert len(tokens) == 2
    assert None not in tokens


@pytest.mark.usefixtures("in_database")
def test_wrong_password_is_counted() -> None:
    assert log_in(ALICE, "a walk by the sea", HOME) is None
    attempt = db.session.scalars(db.select(LoginAttempt)).one()
    # Neither account nor address can be read from the table.
    assert ALICE not in attempt.account_hash
    assert HOME not in attempt.address_hash


@pytest.mark.usefixtures("in_database")
def test_account_is_closed_for_a_while_after_ten_failures() -> None:
    fail(logins.MAX_FAILURES_PER_ACCOUNT - 1, account=ALICE)
    assert log_in(ALICE, PASSWORD, HOME) is not None
    fail(1, account=ALICE)
    with pytest.raises(TooManyLogins) as refusal:
        log_in(ALICE, PASSWORD, HOME)
    assert refusal.value.headers["Retry-After"] == "900"
    with time_machine.travel(utc_now() + logins.ATTEMPTS_COUNT_FOR + timedelta(seconds=1)):
        assert log_in(ALICE, PASSWORD, HOME) is not None


@pytest.mark.usefixtures("in_database")
def test_address_is_closed_for_a_while_after_thirty_failures() -> None:
    fail(logins.MAX_FAILURES_PER_ADDRESS, address=HOME)
    with pytest.raises(TooManyLogins):
        log_in(ALICE, PASSWORD, HOME)
    assert log_in(ALICE, PASSWORD, "203.0.113.8") is not None


@pytest.mark.usefixtures("in_database")
def test_failures_of_others_close_nothing() -> None:
    fail(100, account="mallory@evil.example", address="198.51.100.1")
    assert log_in(ALICE, PASSWORD, HOME) is not None


@pytest.mark.usefixtures("in_database")
def test_new_password_ends_every_session() -> None:
    old = [log_in(ALICE, PASSWORD, HOME) for _ in range(2)]
    bobs = log_in("bob@bobs.example", PASSWORD, HOME)
    owners.change_password(alice(), owners.hash_password("a long walk by the sea"))
    new = owners.start_session(alice())
    assert bobs is not None
    assert find_owner_session(bobs, utc_now()) is not None
    assert [find_owner_session(token or "", utc_now()) for token in old] == [None, None]
    assert find_owner_session(new, utc_now()) is not None
    assert log_in(ALICE, PASSWORD, HOME) is None


@pytest.mark.usefixtures("in_database")
def test_log_out_ends_one_session() -> None:
    first, second = (log_in(ALICE, PASSWORD, HOME) for _ in range(2))
    assert first is not None
    assert second is not None
    owners.log_out(first)
    assert find_owner_session(first, utc_now()) is None
    assert find_owner_session(second, utc_now()) is not None


@pytest.mark.usefixtures("in_database")
def test_session_ends_by_itself_and_is_forgotten() -> None:
    token = log_in(ALICE, PASSWORD, HOME)
    fail(1)
    assert token is not None
    assert find_owner_session(token, utc_now() + owners.SESSION_LASTS) is None
    logins.forget_old_logins()
    assert db.session.scalars(db.select(OwnerSession)).all()
    with time_machine.travel(utc_now() + owners.SESSION_LASTS + timedelta(seconds=1)):
        logins.forget_old_logins()
    assert not db.session.scalars(db.select(OwnerSession)).all()
    assert not db.session.scalars(db.select(LoginAttempt)).all()


def test_last_owner_can_neither_leave_nor_step_down(in_database: Cast) -> None:
    site = db.session.get_one(Site, in_database.maple.id)
    membership = db.session.get_one(Membership, (site.id, alice().id))
    for role in ("viewer", "editor"):
        with pytest.raises(LastOwner):
            owners.add_member(site, alice(), role)
    with pytest.raises(LastOwner):
        owners.remove_member(site, membership)
    owners.add_member(site, find_owner_by_email("bob@bobs.example") or alice(), "editor")
    with pytest.raises(LastOwner):
        owners.remove_member(site, membership)
    owners.add_member(site, find_owner_by_email("bob@bobs.example") or alice(), "owner")
    owners.remove_member(site, membership)


def test_two_owners_who_remove_each_other_leave_one(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        members = [alice().id, (find_owner_by_email("bob@bobs.example") or alice()).id]
        owners.add_member(site, db.session.get_one(Owner, members[1]), "owner")
        db.session.commit()
    barrier, refused = Barrier(2), []

    def remove(owner_id: uuid.UUID) -> None:
        with app.app_context():
            barrier.wait(timeout=10)
            begin_writing()
            site = db.session.get_one(Site, cast.maple.id)
            try:
                owners.remove_member(site, db.session.get_one(Membership, (site.id, owner_id)))
                db.session.commit()
            except LastOwner:
                db.session.rollback()
                refused.append(owner_id)

    threads = [Thread(target=remove, args=(owner_id,)) for owner_id in members]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        left = db.session.scalars(db.select(Membership).where(Membership.site_id == cast.maple.id)).all()
        assert [membership.role for membership in left] == ["owner"]
        assert len(refused) == 1
