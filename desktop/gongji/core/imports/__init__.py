"""Tables to import: kinds, cells, rows, and how they are merged with what is stored."""
