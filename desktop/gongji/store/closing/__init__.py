"""Shifts, bills and the month's figures."""
