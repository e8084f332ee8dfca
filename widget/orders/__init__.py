"""What the store tells us of its orders, refunds and carts, and what follows from them day by day.

Tables: orders, order_lines, refunds, carts, exchange_rates, rate_restatements, customer_order_totals, order_days,
order_cohorts, cart_days.
Uses: customers (who bought), sites (the reporting currency).
"""
