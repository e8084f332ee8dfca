"""What a store page loads: the script with its boot document, the modules, and the visitor's session.

Owns no table. Uses: surveys, reviews, orders (whose guests turn out to be a customer), customers, sites.
"""
