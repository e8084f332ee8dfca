"""The owner's home: a store's first page, log-in, account, list of sites, and the files every dashboard page loads.

Owns no table. Uses: insights, reports, orders, surveys, customers, sites.
"""
