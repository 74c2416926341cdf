"""Makes the Python environment that the rest runs in and hands over to it. Standard library only: it comes first."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
LOCKED = {"run": "requirements.txt", "dev": "requirements-dev.txt", "browser": "requirements-browser.txt"}
NEEDS = {
    "serve": ("run",),
    "doctor": ("run",),
    "flask": ("run",),
    "test": ("run", "dev"),
    "bench": ("run", "dev"),
    "chaos": ("run", "dev"),
    "check": ("run", "dev", "browser"),
}
MODULES = {"flask": "ops.command"}  # every other verb is the module of its name
PIP_WHEEL = "vendor/pip-26.3-py3-none-any.whl"
ENGLISH = {
    "setting up": "Setting up Python packages in .venv (once; about a minute) ...",
    "waiting": "Another ./run is setting up .venv; waiting for it ...",
    "failed": "The packages could not be installed; the lines above say why. Check the network (PIP_INDEX_URL names "
    "a mirror) and the disk's free space, then run this again.",
    "stopped": "Stopped. The next ./run starts the set-up over.",
}
VIETNAMESE = {
    "setting up": "Đang cài các gói Python vào .venv (một lần; khoảng một phút) ...",
    "waiting": "Một ./run khác đang cài .venv; đang chờ ...",
    "failed": "Không cài được các gói; xem các dòng trên. Hãy kiểm tra mạng (PIP_INDEX_URL chỉ tới máy chủ thay thế) "
    "và dung lượng đĩa rồi chạy lại.",
    "stopped": "Đã dừng. Lần ./run sau sẽ cài lại từ đầu.",
}


def has_ensurepip() -> bool:
    """False on Debian and Ubuntu without python3-venv."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


class InstallationError(Exception):
    """A step of the installation ended badly; it has already said why."""


@dataclass(frozen=True, slots=True)
class Ground:
    """The virtual environment under `root`, and how far it is made.

    A set of packages is ready when its stamp holds the digest of its lock file and of the Python it was installed for.
    The mark `installing` lies there while an installation runs: found later, it means that one was cut.
    A new environment gets its own pip where `with_pip` says so; else uv or the bundled wheel does the work.
    """

    root: Path
    tell: Callable[[str], None]
    with_pip: bool

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def installing(self) -> Path:
        return self.folder / ".installing"

    def ready(self, names: Sequence[str]) -> bool:
        """True when nothing has to be installed for these sets."""
        return not self.installing.exists() and self._runs() and not self._missing(names)

    def make(self, names: Sequence[str]) -> None:
        """Installs what is missing, one process at a time. Raises `InstallationError`."""
        if self.ready(names):
            return
        with self._alone() as lock:
            if not self.ready(names):
                self._install_missing(names, lock)

    def _install_missing(self, names: Sequence[str], lock: int) -> None:
        self.tell("setting up")
        if self.installing.exists() or not self._runs():
            shutil.rmtree(self.folder, ignore_errors=True)
            self._create(lock)
        self.installing.touch()
        for name in self._missing(names):
            self._install(self.root / LOCKED[name], lock)
            self._stamp(name).write_text(self._digest(name), encoding="ascii")
        self.installing.unlink()

    def _missing(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if not self._stamped(name)]

    def _stamp(self, name: str) -> Path:
        return self.folder / f".installed-{name}"

    def _stamped(self, name: str) -> bool:
        stamp = self._stamp(name)
        return stamp.is_file() and stamp.read_text(encoding="ascii") == self._digest(name)

    def _digest(self, name: str) -> str:
        minor = os.path.realpath(self.python).encode()
        return hashlib.sha256(minor + (self.root / LOCKED[name]).read_bytes()).hexdigest()

    def _runs(self) -> bool:
        """True when .venv's Python starts: it goes dead when the Python it was made from is removed or renewed."""
        if not os.access(self.python, os.X_OK):
            return False
        asked = subprocess.run(
            [self.python, "-I", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True,
            text=True,
            check=False,
        )
        return asked.returncode == 0 and Path(asked.stdout.strip()).is_dir() and self._holds(asked.stdout.strip())

    def _holds(self, path: str) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.folder))

    def _create(self, lock: int) -> None:
        without_pip = [] if self.with_pip else ["--without-pip"]
        base = getattr(sys, "_base_executable", sys.executable)
        carry_out([base, "-m", "venv", *without_pip, str(self.folder)], lock)

    def _install(self, locked: Path, lock: int) -> None:
        carry_out([*self._installer(), "--quiet", "--require-hashes", "-r", str(locked)], lock)

    def _installer(self) -> list[str]:
        """uv where there is one, else the environment's own pip, else the bundled wheel, run as it lies."""
        if uv := shutil.which("uv"):
            return [uv, "pip", "install", f"--python={self.python}"]
        own = any(self.folder.glob("lib/python*/site-packages/pip/__main__.py"))
        pip = ["-m", "pip"] if own else [str(self.root / PIP_WHEEL / "pip")]
        return [str(self.python), *pip, "install", "--use-pep517"]

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Holds a lock on the project's folder; installers inherit it, so it outlives a killed ./run until they end."""
        handle = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.tell("waiting")
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        finally:
            os.close(handle)


def carry_out(command: list[str], lock: int) -> None:
    """Runs one step of the set-up to its end. Raises `InstallationError`."""
    own = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if not os.access(os.environ.get("HOME") or "/nonexistent", os.W_OK):
        own |= {"PIP_NO_CACHE_DIR": "1", "UV_NO_CACHE": "1"}
    if subprocess.run(command, env=os.environ | own, pass_fds=(lock,), check=False).returncode != 0:
        raise InstallationError


def reads_vietnamese(environ: Mapping[str, str]) -> bool:
    """True where the locale variables, in POSIX's order of precedence, name Vietnamese."""
    return (environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or "").startswith("vi")


def tell(key: str) -> None:
    """Says a sentence of the set-up on standard error, in the terminal's language."""
    print((VIETNAMESE if reads_vietnamese(os.environ) else ENGLISH)[key], file=sys.stderr, flush=True)


def main(verb: str, arguments: list[str]) -> int:
    """Sets up what `verb` needs, then becomes it; the exit code when the set-up failed."""
    ground = Ground(ROOT, tell, with_pip=shutil.which("uv") is None and has_ensurepip())
    try:
        ground.make(NEEDS[verb])
    except (InstallationError, OSError) as trouble:
        if isinstance(trouble, OSError):
            print(trouble, file=sys.stderr)
        tell("failed")
        return 1
    except KeyboardInterrupt:
        tell("stopped")
        return 130
    return hand_over(ground, verb, arguments)


def hand_over(ground: Ground, verb: str, arguments: list[str]) -> NoReturn:
    """Becomes the verb's module: the process keeps its id, so that whoever started ./run can stop it."""
    os.chdir(ground.root)
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONHOME"} | {"PYTHONUTF8": "1"}
    module = MODULES.get(verb, f"ops.{verb}")
    os.execve(ground.python, [str(ground.python), "-m", module, *arguments], environ)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
