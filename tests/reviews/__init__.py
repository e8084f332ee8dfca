"""The reviews room."""
