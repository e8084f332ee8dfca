"""Visitors, customers, and the signed tokens that tie one to the other.

Owns: visitors, customers, traded_tokens, mail_suppressions. Uses: sites.
"""
