"""Messages out: whom to reach, by which way, and what became of each attempt."""
