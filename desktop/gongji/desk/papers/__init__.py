"""Receipts and slips: made, stored, printed, verified."""
