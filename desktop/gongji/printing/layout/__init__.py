"""Blocks laid out on pages and drawn."""
