"""What is to be paid, by whom and by what means: the settlement panel and its tender box."""
