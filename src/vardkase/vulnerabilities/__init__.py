"""Looking for vulnerabilities before they are used: which sources are checked, and how often."""
