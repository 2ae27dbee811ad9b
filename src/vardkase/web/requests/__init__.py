"""Two persons: what waits for a second one, and his answer."""
