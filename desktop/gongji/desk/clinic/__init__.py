"""The clinic's own book: made, opened, backed up, checked; its operators and settings."""
