"""Reading a site's program and its versions."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from widget.core.db import db
from widget.loyalty.errors import NoProgram
from widget.loyalty.models import LoyaltyAccount, LoyaltyProgram, LoyaltyVersion
from widget.loyalty.program import Program, read_program


def find_program(site_id: uuid.UUID) -> LoyaltyProgram | None:
    """Return a site's program, None where there never was one."""
    return db.session.get(LoyaltyProgram, site_id)


def get_program(site_id: uuid.UUID) -> LoyaltyProgram:
    """Return a site's program; raise NoProgram."""
    program = find_program(site_id)
    if program is None:
        raise NoProgram()
    return program


def get_version(program: LoyaltyProgram, version: int | None = None) -> LoyaltyVersion:
    """Return one version of a program, the present one unless another is named; raise NoProgram."""
    found = db.session.get(LoyaltyVersion, (program.site_id, version or program.version))
    if found is None:
        raise NoProgram()
    return found


def find_rules(site_id: uuid.UUID) -> Program | None:
    """Return the rules of a site's present version, None where there is no program."""
    program = find_program(site_id)
    return None if program is None else read_program(program.version, get_version(program).rules)


def list_versions(site_id: uuid.UUID, before: int | None = None, limit: int = 50) -> Sequence[LoyaltyVersion]:
    """Return versions, newest first, those below a number where one is given."""
    statement = select(LoyaltyVersion).where(LoyaltyVersion.site_id == site_id)
    if before is not None:
        statement = statement.where(LoyaltyVersion.version < before)
    return db.session.scalars(statement.order_by(LoyaltyVersion.version.desc()).limit(limit)).all()


def count_members(site_id: uuid.UUID) -> int:
    """Return how many customers have an account of points; those merged into another are not counted."""
    is_member = (LoyaltyAccount.site_id == site_id, LoyaltyAccount.merged_into_id.is_(None))
    return db.session.scalar(select(func.count()).select_from(LoyaltyAccount).where(*is_member)) or 0
