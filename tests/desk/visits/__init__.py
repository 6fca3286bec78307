"""A visit in the form: found, filled, quoted, compared."""
