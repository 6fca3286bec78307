"""The encrypted file: its folder, lock and keys, the one writer, tallies, and the witness beside it."""
