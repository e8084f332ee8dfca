"""The owner's home: log-in, account, list of sites, and the files that every dashboard page loads.

Owns no table. Uses: sites.
"""
