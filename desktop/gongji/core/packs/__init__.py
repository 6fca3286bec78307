"""Policy packs: the language they are written in, what is checked on reading, and what they say in words."""
