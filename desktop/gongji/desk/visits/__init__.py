"""A visit before it is settled: the draft, the patient, the quote, what else would pay."""
