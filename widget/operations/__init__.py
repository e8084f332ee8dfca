"""What the people who run Regulars look at: health, readiness, metrics, and the page of API documents.

Owns no table. Uses: core.
"""
