"""`python -m benchmarks.on MODULE WORD...`: calls a module's `main` on the instance that the
environment names, with Django set up before it is imported."""

import importlib
import sys

import django

if __name__ == "__main__":
    django.setup()
    importlib.import_module(sys.argv[1]).main(*sys.argv[2:])
