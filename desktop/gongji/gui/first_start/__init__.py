"""第一次启动: whose data, the clinic, its operator, printer and first tables."""
