"""The reckoning itself: pure functions over records. No window, no database, no network, no files, no clock."""
