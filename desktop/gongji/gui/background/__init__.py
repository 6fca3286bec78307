"""Threads, and what goes on beside the clerk's work."""
