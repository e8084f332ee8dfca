"""Sites, their owners and their keys, and the doors every other room's routes go through.

Owns: sites, site_logos, owners, recovery_codes, memberships, member_invitations, audit_entries, owner_sessions,
login_attempts, allowed_origins, api_keys, signing_keys, idempotency_keys. Uses no other room.
"""
