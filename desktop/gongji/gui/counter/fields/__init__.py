"""Fields of a visit that more than one card or sheet asks for."""
