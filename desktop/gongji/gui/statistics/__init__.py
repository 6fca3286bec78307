"""The parts of the screen 统计."""
