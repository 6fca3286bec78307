"""People: who they are, under whose key, enrolled where, forgotten."""
