"""The command line: what `gongji` with an argument does."""
