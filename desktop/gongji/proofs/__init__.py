"""Proofs of packs with z3, for every amount and every set of facts; the one door to it, which no install has."""
