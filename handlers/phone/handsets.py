"""The phones one may pick up: invented citizens, and those of officials and duty desks."""

from dataclasses import dataclass, replace

from flask_babel import gettext as _

from handlers.guards import gateway, practising
from handlers.phone.line import PROVIDER
from smsgw.data import tables
from smsgw.domain.phone import for_eyes, is_mobile, normalised
from smsgw.providers.simulator import OUT_OF_REACH
from smsgw.store.exchanges import owners, unread

CITIZENS = ("+84900000001", "+84900000002", "+84900000003")


@dataclass(frozen=True, slots=True)
class Handset:
    """A phone to choose: its number, whose it is, and how many texts it has not shown yet."""

    number: str
    owner: str
    unread: int = 0

    @property
    def written(self) -> str:
        """The number as people write it."""
        return for_eyes(self.number)


def handsets() -> tuple[list[Handset], list[Handset]]:
    """Citizens' phones, then officials' and duty phones; each number once."""
    house = gateway()
    with house.database.read() as session:
        known, waiting = owners(session), unread(session, PROVIDER)
    officials = {owner.number: Handset(owner.number, owner.name) for owner in known if owner.role}
    for owner in known:
        officials.setdefault(owner.number, Handset(owner.number, _("Duty phone")))
    if house.settings.duty_phone:
        duty = normalised(house.settings.duty_phone)
        officials.setdefault(duty, Handset(duty, _("Duty phone")))
    senders = practisers() if practising() else CITIZENS
    citizens = [Handset(number, _("Citizen %(n)s", n=n)) for n, number in enumerate(senders, 1)]
    citizens.append(Handset(OUT_OF_REACH, _("Citizen whom no text reaches")))
    return [_counted(one, waiting) for one in citizens], [_counted(one, waiting) for one in officials.values()]


def practisers() -> tuple[str, ...]:
    """The phones that the sample complaints of a practice came from."""
    return tuple(row["phone"] for row in tables.rows("practice.csv") if row["phone"] != OUT_OF_REACH)


def chosen(given: str) -> str | None:
    """The number in its one spelling; the first citizen's for none, None for one that is no mobile number."""
    number = normalised(given) if given.strip() else CITIZENS[0]
    return number if is_mobile(number) else None


def _counted(handset: Handset, waiting: dict[str, int]) -> Handset:
    return replace(handset, unread=waiting.get(handset.number, 0))
