"""Tests of the scripts that need no browser, run by the Node that comes with Playwright."""
