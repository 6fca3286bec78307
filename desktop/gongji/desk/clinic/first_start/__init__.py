"""A new data folder: by hand or from prepared answers, and what its first day needs."""
