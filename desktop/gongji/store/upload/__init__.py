"""Records on their way to the payer, what was sent of them, what came back, and what was decided."""
