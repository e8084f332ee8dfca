"""Campaigns that open for a visitor about to leave: variants, impressions, leads with their consent, and results.

Owns the tables in `models.py` and `lead_models.py`. Uses: surveys' settings of a site through customers' asks, coupons,
orders, customers, sites.
"""
