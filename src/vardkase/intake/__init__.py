"""What machines and mail send: one folder a source, read into alerts; then one verb is called."""
