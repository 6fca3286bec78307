"""Policy packs, their documents and the open parameters."""
