"""Every check of a book: each settlement again, tallies, the audit chain, the witness."""
