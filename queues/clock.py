"""What happens on a rhythm: deadlines that are due, texts that wait, rings that were lost."""

import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from queues.enqueue import Bell
from queues.workplace import workplace
from smsgw.gateway import Gateway
from smsgw.logs import set_up_logs
from smsgw.services import joining, receipts, shelter
from smsgw.services.heartbeat import beat
from smsgw.store import allowances, inbox, outbox, phones, practice, sittings, text_codes

TICK_S = 5.0
NO_RECEIPT_AFTER = timedelta(hours=72)
NO_LIMIT_LOOKS_BACK = timedelta(days=2)
LOCKED_BY_WRONG_CODES = timedelta(days=1)  # so many guesses a day the codes bear
EXPIRED_CODES_ARE_KEPT = timedelta(days=90)  # so that an old text's code is known for what it is
USSD_SESSIONS_ARE_KEPT = timedelta(days=90)  # administrators look at those of a month

log = structlog.get_logger()


def tick(gateway: Gateway, bell: Bell, look_after: Callable[[], int]) -> None:
    """One round: each step stands alone, so that one that fails does not stop the rest."""
    for step in (
        lambda: shelter.bring_in(gateway.database, gateway.spool, gateway.now()),
        lambda: _let_alarms_climb(gateway),
        lambda: _chase(gateway),
        lambda: _tell_alerts(gateway),
        look_after,
        lambda: _match_receipts(gateway),
        lambda: _see_to_calls(gateway),
        lambda: _see_to_verdicts(gateway),
        lambda: _tell_keepers(gateway),
        lambda: _look_after_merged(gateway),
        lambda: _tell_of_overdue_parts(gateway),
        lambda: gateway.cluster_watch().look(),
        lambda: _go_on_after_silence(gateway),
        lambda: _gather(gateway),
        lambda: _settle(gateway),
        lambda: gateway.reconciler().look_for_missed(),
        lambda: _ring_for_what_waits(gateway, bell),
        lambda: _forget(gateway),
        lambda: practice.sweep(gateway.settings.home, gateway.now()),
        lambda: _beat(gateway),
    ):
        try:
            step()
        except Exception:
            log.exception("a step of the clock failed")


def _let_alarms_climb(gateway: Gateway) -> None:
    while gateway.alarm_watch().batch():
        pass


def _chase(gateway: Gateway) -> None:
    while gateway.chaser().batch():
        pass


def _tell_alerts(gateway: Gateway) -> None:
    while gateway.bundler().batch():
        pass
    while gateway.digester().batch():
        pass


def _match_receipts(gateway: Gateway) -> None:
    with gateway.database.read() as session:
        late = receipts.late(session, gateway.now())
    with gateway.database.write() as session:
        receipts.match_late(session, late, gateway.now())
        outbox.give_up_receipts(session, gateway.now() - NO_RECEIPT_AFTER, gateway.now())


def _see_to_calls(gateway: Gateway) -> None:
    while gateway.switchboard().batch():
        pass


def _see_to_verdicts(gateway: Gateway) -> None:
    while gateway.verdict_watch().batch():
        pass


def _look_after_merged(gateway: Gateway) -> None:
    while gateway.merge_keeper().batch():
        pass


def _tell_of_overdue_parts(gateway: Gateway) -> None:
    while gateway.part_watch().batch():
        pass


def _tell_keepers(gateway: Gateway) -> None:
    while gateway.herald().batch():
        pass


def _go_on_after_silence(gateway: Gateway) -> None:
    while gateway.coach().batch():
        pass


def _gather(gateway: Gateway) -> None:
    while gateway.gatherer().batch():
        pass


def _settle(gateway: Gateway) -> None:
    while gateway.settler().batch():
        pass


def _ring_for_what_waits(gateway: Gateway, bell: Bell) -> None:
    with gateway.database.read() as session:
        texts = inbox.waiting(session) or joining.ready(session, gateway.now())
        replies = outbox.waiting(session, gateway.now())
    if texts:
        bell.ring_now("inbox")
    if replies:
        bell.ring_now("outbox")


def _forget(gateway: Gateway) -> None:
    with gateway.database.write() as session:
        allowances.forget(session, gateway.now() - NO_LIMIT_LOOKS_BACK)
        sittings.forget(session, gateway.now() - USSD_SESSIONS_ARE_KEPT, gateway.now())
        text_codes.forget(session, gateway.now() - EXPIRED_CODES_ARE_KEPT)
        phones.open_locks(session, gateway.now() - LOCKED_BY_WRONG_CODES)


def _beat(gateway: Gateway) -> None:
    with gateway.database.write() as session:
        beat(session, "clock", gateway.now())


def main() -> None:
    """Ticks until told to stop; a stop takes effect at once between two steps."""
    place = workplace()
    set_up_logs(production=not place.gateway.settings.demo)
    signal.signal(signal.SIGTERM, _leave)
    while True:
        tick(place.gateway, place.bell, place.postman().look_after)
        time.sleep(TICK_S)


def _leave(_signal: int, _frame: object) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
