"""The manual in its window, opened by F1."""
