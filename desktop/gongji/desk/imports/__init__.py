"""Tables of people, catalogue and figures taken into the book."""
