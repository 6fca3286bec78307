"""Training data: invented clinics, people, catalogues and visits for the five areas; `generate` writes them."""
