"""Threads, and work in the background."""
