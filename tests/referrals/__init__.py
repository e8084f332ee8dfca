"""Tests of friends who bring friends."""
