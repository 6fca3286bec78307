"""What stands on a paper: receipts, slips and statements, as data."""
