"""收费: the parts of the counter's screen."""
