"""Visitors, customers, the signed tokens that tie one to the other, and what happened to customers.

Owns: visitors, customers, traded_tokens, customer_asks, customer_events, customer_attributes, mail_suppressions.
Uses: sites.
"""
