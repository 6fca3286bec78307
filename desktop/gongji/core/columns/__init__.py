"""Many visits at once: the engine's arithmetic over columns of integers, and over anything else that can add."""
