"""What the payer computed otherwise: shown, on paper, decided."""
