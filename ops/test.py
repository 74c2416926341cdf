"""`./run test`: the quick tests, all of them."""

import subprocess
import sys

LONG = "slow or browser or kannel"
QUICK = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-q", "-m", f"not ({LONG})", "tests"]

if __name__ == "__main__":
    sys.exit(subprocess.run([*QUICK, *sys.argv[1:]], check=False).returncode)
