"""The manual as data: its pages, what is found in them, and which page explains what the program says."""
