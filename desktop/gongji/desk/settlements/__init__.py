"""Settlements: settling, voiding, refunding in part, and finding them again."""
