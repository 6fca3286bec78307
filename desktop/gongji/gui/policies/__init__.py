"""The pages of the screen 政策."""
