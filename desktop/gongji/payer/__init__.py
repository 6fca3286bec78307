"""Talking to the platform: messages, profiles of regions, packages for a stick, and the one door to HTTP."""

USUAL, PRACTICE, OWN = "plain", "practice", "own"
"""The regions that are named in code: the plain form, the practice platform's, and the clinic's own file's."""
