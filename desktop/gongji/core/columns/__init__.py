"""Many visits at once: the engine's arithmetic over columns of integers, or over symbols of a proof."""
