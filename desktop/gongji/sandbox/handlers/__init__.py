"""What the practice platform answers, a module a family of transactions."""
