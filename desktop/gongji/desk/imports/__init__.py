"""Importing tables of people, catalogue and figures into the book."""
