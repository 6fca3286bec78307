"""Writes a picture of every screen and state into a folder: python -m tests.gui.screenshots FOLDER."""
