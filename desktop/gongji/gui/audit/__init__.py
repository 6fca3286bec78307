"""审计: a copy of a book looked at by somebody from outside."""
