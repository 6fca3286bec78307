"""Settling: from a visit and a policy to what everybody pays, and why."""
