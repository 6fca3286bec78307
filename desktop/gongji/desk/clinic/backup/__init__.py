"""Copies of the book: made, checked, restored, moved, and what is doubted afterwards."""
