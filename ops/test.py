"""`./run test`: the quick tests, all of them."""

import subprocess
import sys

LONG = "slow or browser or kannel"
# Three at a time, for many a test waits more than it works; a file at a time, so that what its tests share is made once.
SIDE_BY_SIDE = ["-n", "3", "--dist", "loadfile"]
QUICK = [sys.executable, "-m", "pytest", *SIDE_BY_SIDE, "-q", "-m", f"not ({LONG})", "tests"]

if __name__ == "__main__":
    sys.exit(subprocess.run([*QUICK, *sys.argv[1:]], check=False).returncode)
