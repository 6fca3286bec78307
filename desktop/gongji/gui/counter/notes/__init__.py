"""Notes beside the form: about the patient, about the visit."""
