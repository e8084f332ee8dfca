"""Invitations: surveys answered by a link, from a mail or from a printed card.

Owns: survey_invitations, survey_print_links. Uses: surveys, customers, sites.
"""
