"""`python -m tests.with_database COMMAND...`: a command beside a database of its own."""

import os
import subprocess
import sys

from vardkase.config.database import temporary_server


def main() -> int:
    with temporary_server() as urls:
        given = {"DATABASE_URL": urls.owner, "DATABASE_OWNER_URL": urls.owner}
        return subprocess.run(sys.argv[1:], env=os.environ | given, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
