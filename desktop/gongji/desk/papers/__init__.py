"""Receipts and slips: made, kept, printed, checked."""
