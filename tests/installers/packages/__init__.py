"""What `make package-check` does with what `make deb` and `make windows` made: installs it and works with it."""
