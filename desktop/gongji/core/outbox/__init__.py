"""The queue's rules: the states of a record on its way to the payer, and when it is tried again. Pure."""
