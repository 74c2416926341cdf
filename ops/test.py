"""`./run test`: the quick tests, all of them."""

import subprocess
import sys

LONG = "slow or browser or kannel"
# Three at a time, for many a test waits more than it works; a file at a time, so that what its tests share is made once.
_SIDE_BY_SIDE = [sys.executable, "-m", "pytest", "-n", "3", "--dist", "loadfile", "-q", "-m", f"not ({LONG})"]
QUICK = [*_SIDE_BY_SIDE, "tests"]
ON_POSTGRES = [*_SIDE_BY_SIDE, "--on-postgres", "tests/services", "tests/handlers"]

if __name__ == "__main__":
    sys.exit(subprocess.run([*QUICK, *sys.argv[1:]], check=False).returncode)
