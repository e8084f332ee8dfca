"""The numbers an owner steers by, over all rooms below: metrics, cohorts, lifetime value, segments.

Tables: lifetime_models, lifetime_attempts, customer_lifetimes, page_days.
Segments and their members are tables of customers.
Uses: orders, surveys, customers, sites.
"""
