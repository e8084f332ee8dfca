"""Loyalty: points on a ledger that cannot drift, tiers, rewards and their redemption.

Owns: loyalty_programs, loyalty_versions, loyalty_accounts, loyalty_entries, loyalty_lots, loyalty_lot_uses,
loyalty_orders, loyalty_qualifying_days, loyalty_rewards, loyalty_redemptions, loyalty_tier_gifts.
Uses: coupons, orders, customers, sites.
"""
