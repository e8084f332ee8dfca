"""Processes whose visitors leave addresses for codes of one pool, forked as the server forks its workers."""

import multiprocessing
import uuid
from multiprocessing.connection import Connection
from typing import Any

from flask import Flask
from sqlalchemy import event

from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db, dispose_connections
from widget.core.ids import new_id
from widget.coupons.errors import PoolEmpty
from widget.popups.leads import Sender, take_lead
from widget.popups.published import get_published_campaign
from widget.sites.models import Site
from widget.sites.queries import find_published_site

_processes = multiprocessing.get_context("fork")


def claim_at_once(app: Flask, site_key: str, campaign_id: uuid.UUID, processes: int) -> list[list[str]]:
    """Let so many processes claim until the pool is empty; return of each its codes, and what it was told at last."""
    with app.app_context():
        db.session.remove()
        dispose_connections()
    start = _processes.Barrier(processes)
    pipes = [_processes.Pipe(duplex=False) for _ in range(processes)]
    claimers = [
        _processes.Process(target=_claim, args=(app, site_key, campaign_id, f"p{number}", start, pipe[1]))
        for number, pipe in enumerate(pipes)
    ]
    for claimer in claimers:
        claimer.start()
    for _, sender in pipes:
        sender.close()
    given = [receiver.recv() for receiver, _ in pipes]
    for claimer in claimers:
        claimer.join()
    assert [claimer.exitcode for claimer in claimers] == [0] * processes
    return given


def _claim(app: Flask, site_key: str, campaign_id: uuid.UUID, name: str, start: Any, told: "Connection[Any]") -> None:
    with app.app_context():
        dispose_connections(close=False)
        _set_pace()
        site = find_published_site(site_key)
        assert site is not None
        campaign = get_published_campaign(site, campaign_id)
        start.wait()
        codes: list[str] = []
        try:
            while True:
                codes.append(_leave_address(site.id, campaign, f"{name}-{len(codes)}@x.example"))
        except PoolEmpty as problem:
            told.send([*codes, problem.title])


def _leave_address(site_id: uuid.UUID, campaign: Any, email: str) -> str:
    said = {"id": new_id(), "email": email, "name": None, "profile": {}, "language": "en", "page_url": None}
    said["consent"] = {"accepted": True, "version": 1}
    begin_writing_anew()
    # Each from a network of its own: what is counted by network is not what is tried here.
    taken = take_lead(db.session.get_one(Site, site_id), campaign, said, Sender(None, email), utc_now())
    db.session.commit()
    code: str = taken.answer["code"]
    return code


def _set_pace() -> None:
    """Wait for no disk, and for each other as long as it takes: what is tried is who gets which code."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    of_sqlite = ("PRAGMA synchronous = OFF", "PRAGMA busy_timeout = 100000")
    paces = of_sqlite if is_sqlite else ("SET synchronous_commit = off",)

    @event.listens_for(db.engine, "connect")
    def set_pace(connection: Any, _record: object) -> None:
        for pace in paces:
            connection.execute(pace)
        connection.commit()
