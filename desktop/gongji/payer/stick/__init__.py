"""Packages on a stick: sealed for one carrier, opened by it."""
