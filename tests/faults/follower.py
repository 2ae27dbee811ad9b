"""`python -m tests.faults.follower FILE`: `vardkase ingest --follow` on the database of a test."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "vardkase.config.settings"
django.setup()

from argparse import ArgumentParser  # noqa: E402

from vardkase.cli import ingest  # noqa: E402

parser = ArgumentParser()
ingest.add_parser(parser)
ingest.PAUSE = 0.02
sys.exit(ingest.run(parser.parse_args(["--source", "suricata", "--follow", sys.argv[1]])))
