"""Conversations with the payer that belong to no record: asked, kept, gone on with."""
