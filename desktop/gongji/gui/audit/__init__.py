"""审计: an outside reviewer looks at a copy of a book."""
