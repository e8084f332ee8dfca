"""The order exports of Shopify and WooCommerce are known by their headers, and mean what the platforms mean."""

import json
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.intake.files import list_lines, list_orders, list_refunds, run_import, write
from widget.core.db import db
from widget.customers.models import Customer

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,"
    "Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Billing Name,Cancelled at,Refunded Amount,Vendor,Id,Lineitem discount"
)
SHOPIFY_ROWS = (
    "#1001,carol@shoppers.example,partially_refunded,2024-01-05 10:12:00 +0100,fulfilled,2024-01-06 09:00:00 +0100,yes,"
    "EUR,45.00,5.00,7.98,50.00,SPRING10,5.00,Standard,2024-01-05 10:11:12 +0100,2,Mug,20.00,MUG-01,Carol Winter,,10.00,"
    "Maple,450789469,0.00",
    '#1001,carol@shoppers.example,,,,,,,,,,,,,,2024-01-05 10:11:12 +0100,1,"Teapot, blue",10.00,POT-03,,,,Maple,,5.00',
    "#1002,,pending,,unfulfilled,,no,EUR,9.00,0.00,1.44,9.00,,0.00,,2024-01-07 00:30:00 +0100,1,Spoon,9.00,,,,0.00,"
    "Maple,450789470,0.00",
    "#1003,frank@x.example,refunded,2024-01-08 10:00:00 +0100,unfulfilled,,no,EUR,9.00,0.00,1.44,9.00,,0.00,,"
    "2024-01-08 10:00:00 +0100,1,Spoon,9.00,,,2024-01-09 08:00:00 +0100,9.00,Maple,450789471,0.00",
)
WEBTOFFEE = (
    "order_id,order_number,order_date,paid_date,status,shipping_total,shipping_tax_total,fee_total,tax_total,"
    "discount_total,order_total,order_subtotal,order_currency,customer_id,customer_email,billing_first_name,"
    "billing_last_name,billing_email,coupon_items,refund_items,line_item_1,line_item_2"
)
WEBTOFFEE_ROWS = (
    "727,727,2024-03-01 12:00:00,2024-03-01 12:01:00,completed,10.00,0.00,0.00,2.00,5.00,37.00,30.00,USD,26,"
    "login@shoppers.example,Carol,Winter,carol@shoppers.example,code:spring|amount:5.00;code:free|amount:0.00,"
    "amount:10.00|reason:Broken: lid|date:2024-03-05 10:00:00,"
    "name:Woo Album|product_id:93|sku:AL-1|quantity:2|total:25.00|sub_total:30.00|tax:2.00|meta:size:large,"
    "name:Mug|product_id:31|sku:|quantity:1|total:5.00|sub_total:5.00|_variation_id:34",
    "728,728,2024-03-02 12:00:00,,failed,0.00,0.00,0.00,0.00,0.00,8.00,8.00,USD,0,,Frank,,frank@x.example,,,"
    "name:Mug|product_id:31|sku:|quantity:1|total:8.00|sub_total:8.00,",
)
ADVANCED = (
    '"Order Number","Order Status","Order Date","First Name (Billing)","Last Name (Billing)","Email (Billing)",'
    '"Cart Discount Amount","Order Subtotal Amount","Order Shipping Amount","Order Refund Amount","Order Total Amount",'
    '"Order Total Tax Amount","SKU","Item #","Item Name","Quantity (- Refund)","Item Cost",'
    '"Coupon Code","Discount Amount"'
)
ADVANCED_ROWS = (
    "800,Completed,2024-04-01 09:30,Carol,Winter,carol@shoppers.example,0,30,5,-7.50,35,0,MUG-01,1,Mug,2,10,,",
    ",,,,,,,,,,,,POT-03,2,Teapot,1,10,,",
    "801,Processing,2024-04-02 09:30,Frank,,frank@x.example,0,9,0,0,9,0,,1,Spoon,1,9,SPRING,",
)


def test_shopify_rows_become_orders_with_lines(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, SHOPIFY, *SHOPIFY_ROWS)
    said = run_import(app, path, cast.maple)
    assert "is read as Shopify's order export." in said
    assert "4 rows with 3 orders: 3 new, 0 known already, 0 refused." in said
    first, second, third = list_orders(app, cast.maple)
    assert (first.external_id, first.number, first.state, first.currency) == ("450789469", "#1001", "fulfilled", "EUR")
    assert (first.total_minor, first.tax_minor, first.shipping_minor, first.discount_minor) == (5000, 798, 500, 500)
    assert (first.net_minor, first.coupon_codes, first.placed_at.isoformat()) == (
        4000, ["SPRING10"], "2024-01-05T09:11:12+00:00"
    )  # fmt: skip
    lines = list_lines(app, cast.maple, "450789469")
    assert [(line.title, line.sku, line.quantity, line.total_minor) for line in lines] == [
        ("Mug", "MUG-01", 2, 4000),
        ("Teapot, blue", "POT-03", 1, 500),
    ]
    assert (second.state, second.customer_id, second.placed_at.date().isoformat()) == ("placed", None, "2024-01-06")
    assert (third.state, third.net_minor, third.is_counted) == ("cancelled", 0, False)
    with app.app_context():
        carol = db.session.scalars(select(Customer).where(Customer.email == "carol@shoppers.example")).one()
        assert (carol.name, carol.accepts_marketing, carol.external_id) == ("Carol Winter", True, None)
    assert "3 orders: 0 new, 3 known already" in run_import(app, path, cast.maple)


def test_woocommerce_rows_of_webtoffee_hold_items_in_cells(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, WEBTOFFEE, *WEBTOFFEE_ROWS)
    said = run_import(app, path, cast.maple)
    assert "is read as WooCommerce's orders, as WebToffee's Order Export writes them." in said
    assert "2 rows: 2 new" in said
    first, failed = list_orders(app, cast.maple)
    assert (first.external_id, first.state, first.total_minor, first.net_minor) == ("727", "fulfilled", 3700, 2700)
    assert (first.coupon_codes, first.is_guest) == (["spring", "free"], False)
    lines = list_lines(app, cast.maple, "727")
    assert [(line.title, line.product_id, line.variant_id, line.quantity, line.total_minor) for line in lines] == [
        ("Woo Album", "93", None, 2, 2700),
        ("Mug", "31", "34", 1, 500),
    ]
    assert [(refund.amount_minor, refund.reason) for refund in list_refunds(app, cast.maple)] == [(1000, "Broken: lid")]
    assert (failed.state, failed.is_guest) == ("cancelled", True)
    with app.app_context():
        carol = db.session.scalars(select(Customer).where(Customer.external_id == "26")).one()
        assert (carol.email, carol.name) == ("carol@shoppers.example", "Carol Winter")
    assert "0 new, 2 known already" in run_import(app, path, cast.maple)


def test_woocommerce_rows_of_advanced_export_leave_an_orders_columns_empty_below(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    path = write(tmp_path, ADVANCED, *ADVANCED_ROWS)
    said = run_import(app, path, cast.maple, "--currency", "EUR")
    assert "as Advanced Order Export writes them" in said
    assert "3 rows with 2 orders: 2 new, 0 known already, 0 refused." in said
    first, second = list_orders(app, cast.maple)
    assert (first.external_id, first.state, first.total_minor, first.net_minor) == ("800", "fulfilled", 3500, 2750)
    assert [line.sku for line in list_lines(app, cast.maple, "800")] == ["MUG-01", "POT-03"]
    assert (second.state, second.coupon_codes) == ("paid", ["SPRING"])


def test_an_order_called_refunded_gives_its_whole_total_back(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, "id,placed_at,total,currency,state", "1,2024-01-02,30,EUR,wc-refunded")
    run_import(app, path, cast.maple)
    (order,) = list_orders(app, cast.maple)
    assert (order.state, order.refunded_minor, order.net_minor) == ("paid", 3000, 0)


def test_a_map_makes_any_file_known(app: Flask, cast: Cast, tmp_path: Path) -> None:
    mapping = {"Beleg": "id", "Datum": "placed_at", "Brutto": "total", "Kunde": "customer", "Notiz": ""}
    path = write(tmp_path, "Beleg;Datum;Brutto;Kunde;Notiz;Farbe", "A1;05.01.2024;1.234,50;007;x;rot")
    map_file = write(tmp_path, json.dumps(mapping), name="map.json")
    said = run_import(app, path, cast.maple, "--map", map_file, "--currency", "eur")
    assert "is read as orders with a map." in said
    assert "Left out: Farbe." in said
    (order,) = list_orders(app, cast.maple)
    assert (order.external_id, order.total_minor, order.placed_at.date().isoformat()) == ("A1", 123450, "2024-01-05")
