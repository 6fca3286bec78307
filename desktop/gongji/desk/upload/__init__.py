"""Sending records to the payer, by network or stick, and processing what comes back."""
