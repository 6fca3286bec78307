"""The contents of papers: receipts, slips and statements, as data."""
