"""Records on their way to the payer, by network or stick, and what comes back."""
