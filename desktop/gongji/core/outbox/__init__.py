"""The queue's rules: what may become of a record on its way to the payer, and when it is tried again. Pure."""
