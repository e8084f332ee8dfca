"""Coupons: codes that are worth something at the store's checkout, made on the fly or from a list the owner uploaded.

Owns: coupon_pools, coupons. Uses: customers, sites.
"""
