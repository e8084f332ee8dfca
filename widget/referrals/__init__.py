"""Customers who bring friends: the program, codes and links, claims, what both sides get, fraud, and contests.

Owns the tables in `models.py` and `contest_models.py`. Uses: loyalty, coupons, orders, customers, sites.
"""
