"""What `make bench` measures: the engine, the program, its start, and the same rule in another engine."""
