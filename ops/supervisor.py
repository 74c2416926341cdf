"""Keeps a handful of programs running until it is told to stop, and leaves none behind."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ops.child import Child, Program, output_of
from ops.screen import Screen
from ops.sessions import send, wait_until_gone
from ops.watcher import Watcher

GRACE, GATE_GRACE = 3.0, 1.0  # seconds from SIGTERM to SIGKILL
TICK = 0.2  # seconds between looks while something is awaited
IDLE = 5.0  # seconds between looks otherwise; a signal or a child's end cuts it short
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """Runs programs side by side in one thread: the kernel's leash is tied to the thread that starts them."""

    def __init__(
        self,
        programs: Sequence[Program],
        screen: Screen,
        *,
        environ: Mapping[str, str],
        folder: Path,
        held: Collection[int] = (),
        announce: Callable[[], None] = lambda: None,
    ) -> None:
        """`announce` is called once, when every program that can tell has said that it is ready.

        `held` are file descriptors, such as a lock, that stay open until everything that was started is gone.
        """
        self._children = [Child(program) for program in programs]
        self._screen = screen
        self._environ = dict(environ) | {"PYTHONUNBUFFERED": "1"}
        self._folder = folder
        self._announce: Callable[[], None] | None = announce
        self._selector = selectors.DefaultSelector()
        self._stops = 0
        self._watcher = Watcher(held)

    def run(self) -> None:
        """Returns when a signal asked for the end and everything is gone, less than five seconds later."""
        with self._listening():
            try:
                while not self._stops and not self._screen.closed:
                    self._turn()
            finally:
                self._end()

    def _turn(self) -> None:
        for child in self._startable(time.monotonic()):
            self._start(child, time.monotonic())
        self._read(TICK if self._awaits_something() else IDLE)
        self._watcher.renew()
        for child in self._children:
            self._look_after(child)
        if self._announce and not any(child.unanswered for child in self._children):
            self._announce()
            self._announce = None

    def _startable(self, now: float) -> Iterator[Child]:
        """Those due, up to the first gate that does not answer yet."""
        for child in self._children:
            if child.process is None and child.due <= now:
                yield child
            if child.program.gate and child.unanswered:
                return

    def _awaits_something(self) -> bool:
        return any(child.process is None or child.unanswered for child in self._children)

    def _start(self, child: Child, now: float) -> None:
        try:
            process = child.start(self._environ, self._folder, now)
        except OSError as trouble:
            self._put_off(child, f"cannot start: {trouble}")
            return
        self._watcher.note(process.pid)
        self._selector.register(output_of(process), selectors.EVENT_READ, child)

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            return
        code = child.process.poll()
        if code is not None:
            self._bury(child)
            self._put_off(child, f"ended ({f'signal {-code}' if code < 0 else f'exit code {code}'})")
        elif child.unanswered and child.program.ready:
            child.answered = child.program.ready()

    def _put_off(self, child: Child, what: str) -> None:
        child.put_off(time.monotonic())
        log = f"; its log: {child.program.log}" if child.program.log else ""
        self._screen.say(f"{child.program.name} {what}; starting it again in {child.wait:g} s{log}")

    def _bury(self, child: Child) -> None:
        if child.process is None:
            return
        leader = child.process.pid
        self._stop_reading(child)
        self._show(child, child.bury())
        self._watcher.forget(leader)

    def _read(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if not isinstance(key.data, Child):
                os.read(key.fd, 4096)
            elif (lines := key.data.lines()) is None:
                self._stop_reading(key.data)
            else:
                self._show(key.data, lines)

    def _stop_reading(self, child: Child) -> None:
        if child.process:
            with suppress(KeyError):
                self._selector.unregister(output_of(child.process))

    def _show(self, child: Child, lines: Sequence[bytes]) -> None:
        for line in lines:
            self._screen.line(child.program.name, line)

    def _end(self) -> None:
        """Ends the programs, then the gates, then the watcher."""
        self._screen.say("stopping ...")
        for gate, grace in ((False, GRACE), (True, GATE_GRACE)):
            self._end_all([child for child in self._children if child.program.gate is gate], grace)
        self._watcher.close()

    def _end_all(self, children: Sequence[Child], grace: float) -> None:
        """Only the main processes are told: a worker lets its present job finish. A second signal means at once."""
        running = [child.process for child in children if child.process]
        send(signal.SIGTERM, [process.pid for process in running])
        told = self._stops

        def patient() -> bool:
            self._read(0)
            for process in running:
                process.poll()
            return self._stops == told

        wait_until_gone([process.pid for process in running], grace, patient)
        for child in children:
            self._bury(child)

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Turns signals into bytes that wake the loop."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        os.set_blocking(writing, False)
        before = {number: signal.signal(number, self._heard) for number in (*STOPS, signal.SIGCHLD)}
        wakeup = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self._selector.register(reading, selectors.EVENT_READ)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            os.close(reading)
            os.close(writing)

    def _heard(self, number: int, _frame: object) -> None:
        self._stops += number in STOPS
