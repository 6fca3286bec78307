"""The window: the only package that imports Qt. It acts through `desk` and shows what `core` means."""
