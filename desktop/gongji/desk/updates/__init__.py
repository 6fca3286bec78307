"""更新: a release from a stick, verified before anything is changed, tried on a copy of the book, then switched to."""
