"""What is typed by a person and what by a scanner, and keys that come before their sheet."""
