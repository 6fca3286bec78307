"""Packs as files: read, tried, amended as text, chosen by area and date, and the documents attached to them."""
