"""The book: one encrypted SQLite file and the witness beside it. The only package that knows SQL."""
