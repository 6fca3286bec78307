"""The paper: receipts, slips and reports as PDF, as images, and as bytes for a receipt printer."""
