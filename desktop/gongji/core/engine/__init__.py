"""Settling: from a visit and a policy to what each party pays, and why."""
