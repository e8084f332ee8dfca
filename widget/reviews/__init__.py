"""Reviews: what shoppers say of products, shown with everything that makes it trustworthy.

Owns: reviews, review_replies, review_events, reviewed_products, review_facets, review_tallies, review_media,
helpful_votes, review_reports, review_requests, review_confirmation_mails, review_settings.
Uses: orders, customers, sites.
"""
