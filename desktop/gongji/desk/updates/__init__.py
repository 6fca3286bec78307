"""更新: a release from a stick, checked before anything is touched, tried on a copy of the book, then switched to."""
