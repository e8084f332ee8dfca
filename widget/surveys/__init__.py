"""Surveys: asking shoppers in store pages, and what they answered.

Owns: surveys, survey_versions, survey_fields, survey_impressions, survey_responses,
response_tags, response_notes, survey_daily_scores, survey_daily_asks, survey_rollups,
survey_stale_days.
Uses: customers, sites.
"""
