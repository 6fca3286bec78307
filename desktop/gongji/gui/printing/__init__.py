"""Paper sent to a printer, and shown before."""
