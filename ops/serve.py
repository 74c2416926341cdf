"""`./run`: sets up what is missing and keeps the whole house running on this machine until it is told to stop."""

import os
import subprocess
import sys

from ops import broker, ports, procfile
from ops.child import Program
from ops.ground import reads_vietnamese
from ops.leash import leash
from ops.lock import AlreadyRunningError, HomeLock, only_run
from ops.screen import terminal
from ops.supervisor import Supervisor
from ops.told import SetUpError, first_look, in_words
from smsgw.settings import ROOT, Settings, broker_socket, load

ENGLISH = {
    "already": "It is already running: process {pid}, {address}",
    "other port": "Port {taken} is taken by another program; using {port} instead.",
}
VIETNAMESE = {
    "already": "Hệ thống đang chạy rồi: tiến trình {pid}, {address}",
    "other port": "Cổng {taken} đã bị chương trình khác dùng; dùng cổng {port} thay thế.",
}
NOT_KEPT_RUNNING = "release"  # the Procfile's name for what runs once, before the others


def main() -> int:
    """0 after an orderly end, 1 when another run has this home, 2 when something must be mended first."""
    try:
        settings, wrong_somewhere = first_look()
        if wrong_somewhere:
            return _ask("setup", settings, sys.stdout.fileno()).returncode
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with only_run(settings.home) as lock:
            return _serve(settings, lock)
    except AlreadyRunningError as other:
        print(_say("already", pid=other.pid, address=other.address), file=sys.stderr)
        return 1
    except (SetUpError, broker.BrokerError) as wrong:
        print(wrong, file=sys.stderr)
        return 2
    except OSError as trouble:
        print(in_words(trouble), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _serve(settings: Settings, lock: HomeLock) -> int:
    settings = _on_a_free_port(settings)
    lock.say(ports.local_address(settings.host, settings.port))
    if failed := _ask("setup", settings, sys.stdout.fileno()).returncode:
        return failed
    programs = _programs(settings)
    screen = terminal([program.name for program in programs], os.environ)

    def announce() -> None:
        screen.show(_ask("banner", settings, subprocess.PIPE).stdout)

    Supervisor(programs, screen, environ=settings.env, folder=ROOT, held=[lock.handle], announce=announce).run()
    return 0


def _ask(module: str, settings: Settings, out: int) -> subprocess.CompletedProcess[str]:
    """Lets a short-lived process do what needs the big libraries: this one stays small for as long as it runs."""
    parent = os.getpid()
    return subprocess.run(
        [sys.executable, "-m", f"ops.{module}"],
        cwd=ROOT,
        env=settings.env,
        stdout=out,
        text=True,
        check=False,
        start_new_session=True,
        preexec_fn=lambda: leash(parent),
    )


def _programs(settings: Settings) -> list[Program]:
    """The broker, if it is ours, and what the Procfile names."""
    named = procfile.read(ROOT / "Procfile")
    programs = [_program(name, command, settings) for name, command in named.items() if name != NOT_KEPT_RUNNING]
    return [_embedded_broker(settings), *programs] if settings.embedded_broker else programs


def _embedded_broker(settings: Settings) -> Program:
    listening = broker_socket(settings.home)
    return Program(
        "broker",
        broker.command(settings.home),
        ready=lambda: broker.answers(listening),
        gate=True,
        log=broker.log_file(settings.home),
    )


def _program(name: str, command: list[str], settings: Settings) -> Program:
    if name != "web":
        return Program(name, command)
    host, port = ports.reachable(settings.host), settings.port
    return Program(name, command, ready=lambda: ports.answers(host, port, "/healthz"))


def _on_a_free_port(settings: Settings) -> Settings:
    """The same settings, in demo with another port where the wished one is taken. Raises `SetUpError`."""
    found = ports.trouble(settings.host, settings.port)
    if found is None:
        return settings
    if not settings.demo or not ports.is_busy(found):
        raise SetUpError(f"HOST {settings.host} PORT {settings.port} cannot be listened on: {found.strerror}")
    port = ports.free_beside(settings.host, settings.port)
    print(_say("other port", taken=settings.port, port=port), flush=True)
    return load(dict(settings.env) | {"PORT": str(port)})


def _say(key: str, **values: object) -> str:
    return (VIETNAMESE if reads_vietnamese(os.environ) else ENGLISH)[key].format(**values)


if __name__ == "__main__":
    sys.exit(main())
