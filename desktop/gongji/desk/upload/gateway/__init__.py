"""Where records are sent: kept, guarded, and agreed to."""
