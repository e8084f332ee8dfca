"""Surveys: asking shoppers an NPS or CSAT question and reading what they answered.

Owns: surveys, survey_fields, survey_impressions, survey_responses, survey_daily_scores, survey_daily_asks,
survey_rollups, survey_stale_days. Uses: customers, sites.
"""
