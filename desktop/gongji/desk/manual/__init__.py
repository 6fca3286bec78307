"""The manual that comes with the program: read, and printed."""
