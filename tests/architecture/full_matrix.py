"""`python -m tests.architecture.full_matrix`: the sweep with every combination of factors.

`... full_matrix pairs` lets every two factors meet in every way: a tenth of the time.
"""

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    pairs = sys.argv[1:2] == ["pairs"]
    os.environ["VARDKASE_SWEEP"] = "pairs" if pairs else "full"
    sweep = Path(__file__).with_name("test_sweep.py")
    sys.exit(
        pytest.main([str(sweep), "-k", "each_role_meets_each_address", *sys.argv[1 + pairs :]])
    )
