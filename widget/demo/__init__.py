"""Maple Store, a believable small shop with the widget in its pages, and data to look at.

Owns no table. Uses: intake, surveys, reviews, popups, referrals, loyalty, coupons, orders, customers, sites.
Registered only when the setting DEMO is 1.
"""
