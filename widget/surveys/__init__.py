"""Surveys: asking shoppers, by widget or by link, and what they answered.

Owns: surveys, survey_versions, survey_fields, survey_impressions, survey_responses, survey_invitations,
survey_print_links, response_tags, response_notes, survey_daily_scores, survey_daily_asks, survey_rollups,
survey_stale_days.
Uses: customers, sites.
"""
