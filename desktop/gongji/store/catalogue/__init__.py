"""Items, diagnoses, doctors, and national codes beside the clinic's own."""
