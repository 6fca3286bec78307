"""What a clerk does, one function for each act. No window, no threads."""
