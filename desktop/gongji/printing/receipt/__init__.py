"""The receipt as a sheet and as a roll."""
