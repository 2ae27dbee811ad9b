"""Law, scales and routines as dated data: what every other room asks, and which asks nobody."""
