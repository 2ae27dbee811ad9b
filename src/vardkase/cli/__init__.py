"""The console command: `vardkase COMMAND`, one file here for each."""
