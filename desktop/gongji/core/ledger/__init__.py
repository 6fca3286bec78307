"""The book's rules: what is known of a person's year, what a void reverses, how the audit chain is made. Pure."""
