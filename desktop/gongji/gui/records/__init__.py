"""The parts of the screen 记录."""
