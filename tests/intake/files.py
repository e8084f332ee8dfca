"""Files of orders, and the commands that take them in."""

from pathlib import Path
from typing import Any

from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests.cast import SiteOfCast
from widget.core.db import db
from widget.orders.models import Order, OrderLine, Refund

HEADER = "id,placed_at,total,currency"
FILES = Path(__file__).parent / "files"


def write(folder: Path, *lines: str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text("\n".join(lines), encoding=encoding, newline="")
    return path


def run(app: Flask, *arguments: Any) -> Result:
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def run_import(app: Flask, path: Path, site: SiteOfCast, *options: Any, exit_code: int = 0) -> str:
    result = run(app, "import", "orders", path, "--site", site.key, *options)
    assert result.exit_code == exit_code, result.output
    return result.output


def list_orders(app: Flask, site: SiteOfCast) -> list[Order]:
    with app.app_context():
        orders = select(Order).where(Order.site_id == site.id).order_by(Order.placed_at, Order.external_id)
        return list(db.session.scalars(orders))


def list_lines(app: Flask, site: SiteOfCast, external_id: str) -> list[OrderLine]:
    with app.app_context():
        is_order = (Order.site_id == OrderLine.site_id) & (Order.id == OrderLine.order_id)
        lines = select(OrderLine).join(Order, is_order).order_by(OrderLine.position)
        return list(db.session.scalars(lines.where(Order.site_id == site.id, Order.external_id == external_id)))


def list_refunds(app: Flask, site: SiteOfCast) -> list[Refund]:
    with app.app_context():
        refunds = select(Refund).where(Refund.site_id == site.id).order_by(Refund.order_external_id, Refund.external_id)
        return list(db.session.scalars(refunds))
