"""A visit settled, voided, refunded in part, and found again."""
