"""What officials' corrections teach: kept once said, counted, and given away without what must stay."""

from smsgw.domain.categories import CategoryCode
from smsgw.gateway import Gateway
from smsgw.services import learning
from smsgw.store import labels
from smsgw.store.labels import Settled
from tests.handlers.desks import filed, row
from tests.services.test_passing import assigns, done


def settled(gateway: Gateway) -> list[Settled]:
    with gateway.database.read() as session:
        return labels.settled(session)


def test_a_field_an_official_sets_is_kept_beside_what_was_read(gateway: Gateway) -> None:
    reference = filed(gateway, category=None)
    assert done(gateway, reference, "dau-moi-ankhe", assigns(gateway, "AN")) is None
    assert [(one.read_as, one.decided) for one in settled(gateway)] == [(None, "AN")]


def test_a_second_decision_counts_against_what_was_read_at_first(gateway: Gateway) -> None:
    reference = filed(gateway, category=CategoryCode.HT)
    complaint = row(gateway, reference)
    with gateway.database.write() as session:
        labels.keep(session, complaint, "DN", None, gateway.now())
        complaint.category = "DN"
        labels.keep(session, complaint, "GT", None, gateway.now())
    with gateway.database.read() as session:
        found = learning.confusion(session)
    assert found.counts == {("GT", "HT"): 1}
    assert found.read_right("GT") == 0
    assert found.read_right("DN") is None


def test_a_refused_assignment_teaches_nothing(gateway: Gateway) -> None:
    reference = filed(gateway, category=None)
    assert done(gateway, reference, "canbo-kinhte", assigns(gateway, "AN")) is not None
    assert settled(gateway) == []


def test_long_numbers_leave_the_house_as_zeros() -> None:
    told = Settled("goi toi 0900 000 123, cccd 064123456789, thua 45, 12/8", "DD", "DD", secret=False)
    assert learning.without_numbers(told) == "goi toi 0000 000 000, cccd 000000000000, thua 45, 12/8"


def test_sensitive_matters_are_no_lessons(gateway: Gateway) -> None:
    with gateway.database.write() as session:
        complaint = session.merge(row(gateway, filed(gateway, category=CategoryCode.AN)))
        complaint.sensitive = True
        labels.keep(session, complaint, "AN", None, gateway.now())
        session.flush()
        assert list(learning.lessons(session)) == []
