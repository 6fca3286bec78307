"""What was settled: the rows, their steps and sums, the ledger, and the papers made of them."""
