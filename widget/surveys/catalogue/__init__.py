"""Surveys to start from, one file each: what they ask, when, and in which words."""
