"""The two regions that are named in code: the plain form, and the practice platform's."""

USUAL, PRACTICE = "plain", "practice"
