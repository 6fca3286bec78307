"""The acts of a clerk, one function for each. No window, no threads."""
