"""The loyalty room."""
