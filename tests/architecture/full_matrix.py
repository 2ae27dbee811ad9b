"""`python -m tests.architecture.full_matrix`: the sweep with every combination of factors."""

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    os.environ["VARDKASE_SWEEP"] = "full"
    sweep = Path(__file__).with_name("test_sweep.py")
    sys.exit(pytest.main([str(sweep), "-k", "each_role_meets_each_address", *sys.argv[1:]]))
