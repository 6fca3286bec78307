"""Records that go to the payer on a stick, and the relay that sends them on another PC."""
