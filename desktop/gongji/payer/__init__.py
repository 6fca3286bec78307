"""Talking to the platform: messages, profiles of regions, packages for a stick, and the one door to HTTP."""

USUAL, PRACTICE = "plain", "practice"
"""The two regions that are named in code: the plain form, and the practice platform's."""
