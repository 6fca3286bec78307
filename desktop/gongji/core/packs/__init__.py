"""Policy packs: the language they are written in, what is checked on reading, and their content in words."""
