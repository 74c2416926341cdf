"""`./run check`: everything CI runs, each step whatever became of the others, and a summary at the end."""

import subprocess
import sys
import time
from collections.abc import Sequence

from ops.test import LONG, ON_POSTGRES, QUICK

PYTHON = sys.executable
STEPS = {
    "tests": QUICK,
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "lint": [PYTHON, "-m", "ruff", "check", "."],
    "types": [PYTHON, "-m", "mypy"],
    "imports": [PYTHON, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "screens": [PYTHON, "-m", "ops.screens"],
    "notices": [PYTHON, "-m", "ops.notices"],
    "on PostgreSQL": ON_POSTGRES,
    "long tests": [PYTHON, "-m", "pytest", "-q", "-m", LONG, "tests"],
}
AFTER_TEST = "--after-test"  # for CI, which has just passed the quick ones


def main(arguments: Sequence[str]) -> int:
    """The number of steps that failed, as an exit code."""
    results = [_step(name, command) for name, command in STEPS.items() if not _skipped(name, arguments)]
    print("\n" + "\n".join(line for _, line in results), flush=True)
    return sum(1 for passed, _ in results if not passed)


def _skipped(name: str, arguments: Sequence[str]) -> bool:
    return name == "tests" and AFTER_TEST in arguments


def _step(name: str, command: Sequence[str]) -> tuple[bool, str]:
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    passed = subprocess.run(command, check=False).returncode == 0
    return passed, f"{'ok' if passed else 'FAILED':<6} {name} ({time.monotonic() - began:.0f} s)"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
