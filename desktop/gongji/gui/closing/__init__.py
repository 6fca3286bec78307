"""The parts of the screen 日结."""
