"""The book: one encrypted SQLite file, and the witness file beside it. The only package that contains SQL."""
