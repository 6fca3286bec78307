"""Talking to the platform: messages, profiles of regions, packages for a stick, and the one door to HTTP."""
