"""Closing a shift and a day, and the month's figures."""
