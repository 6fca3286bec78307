"""A shift and a day closed, and the month's figures."""
