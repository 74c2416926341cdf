"""One USSD turn: what was typed is kept, the script played, what it asks for is done, and the next screen shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from smsgw.domain import notices as n
from smsgw.domain.messages import UssdEvent, UssdScreen, UssdTurn
from smsgw.domain.ussd import turns
from smsgw.domain.ussd.breaks import Outcome, waits
from smsgw.domain.ussd.known import Case, Known
from smsgw.domain.ussd.playing import Played, filed, play
from smsgw.domain.ussd.script import SCREENS, Act, Name
from smsgw.domain.ussd.standing import Draft, Standing, read
from smsgw.domain.verdicts import Said, Verdict
from smsgw.services import calling, citizens, tracking, verdicts
from smsgw.services.drafts import Clerk, wards
from smsgw.services.filing import promised
from smsgw.store import sittings
from smsgw.store.database import insert_once
from smsgw.store.tables import Citizen, Complaint, Sitting
from smsgw.text.screens import Tongue

NOTHING = UssdScreen("", more=False)
OVER = (UssdEvent.END, UssdEvent.TIMEOUT)


@dataclass(frozen=True, slots=True)
class Usher:
    """What a turn needs, inside a session its caller opened. `patience` is how long a redial is waited for."""

    session: Session
    clerk: Clerk
    now: Callable[[], datetime]
    patience: timedelta

    def turn(self, turn: UssdTurn) -> UssdScreen:
        """The next screen. The same turn again gets the same screen and does nothing twice."""
        is_over = turn.event in OVER
        if is_over and not sittings.has_begun(self.session, turn.provider, turn.session_id, turn.phone):
            return NOTHING
        # The citizen is locked before any sitting, here and by the clock, so that nobody waits for each other.
        citizen = citizens.citizen_of(self.session, turn.phone, self.now())
        sitting, is_new = self._sitting(turn)
        if sitting is None:
            return NOTHING
        if sitting.outcome == Outcome.CONTINUED:
            self._comes_late(sitting, turn, citizen)
            return NOTHING if is_over else UssdScreen(sitting.last_screen, more=False)
        if is_over:
            self._ends(sitting, turn, citizen)
            return NOTHING
        if not is_new and (not sitting.more or turns.is_repeated(turn, _last(sitting), self.now())):
            return UssdScreen(sitting.last_screen, sitting.more)
        typed = turns.added(turn, sitting.last_history)
        before = read(sitting.standing)
        if is_new and typed is None:
            before = self._taken_up(sitting) or before
        _note(sitting, turn, typed, self.now())
        return _Caller(self, sitting, citizen).plays(before, typed)

    def _sitting(self, turn: UssdTurn) -> tuple[Sitting | None, bool]:
        """The sitting, locked, and whether this turn begins it; none for the end of one that never began. The phone is part
        of what names it: a session id that another phone shows opens nobody's screens."""
        found = sittings.held(self.session, turn.provider, turn.session_id, turn.phone)
        if found or turn.event in OVER:
            return found, False
        now = self.now()
        fresh = {
            "provider": turn.provider,
            "session_id": turn.session_id,
            "phone": turn.phone,
            "service_code": turn.service_code,
            "answers": [],
            "last_screen": "",
            "more": True,
            "state": "open",
            "started_at": now,
            "touched_at": now,
        }
        made = insert_once(self.session, Sitting, fresh)
        return sittings.held(self.session, turn.provider, turn.session_id, turn.phone), made is not None

    def _taken_up(self, sitting: Sitting) -> Standing | None:
        """What this phone left behind in an earlier session: all of it moves into this one. The earlier one keeps its place
        only, by which words that come late are understood."""
        old = sittings.left_behind(self.session, sitting.phone, sitting.id, self.now())
        if old is None:
            return None
        left = read(old.standing)
        old.standing, old.state = replace(left, draft=Draft()).written(), "ended"
        old.outcome, old.look_at, old.open_until = Outcome.CONTINUED, None, None
        return left.cut_off()

    def _comes_late(self, sitting: Sitting, turn: UssdTurn, citizen: Citizen) -> None:
        """A turn of a session that the person went on with in another: its keys do nothing any more. Words are added to what
        that other one holds; where it was filed without them, or they cry for help, they are kept here. Who dropped the
        draft dropped them too."""
        now, typed = self.now(), turns.added(turn, sitting.last_history)
        if typed is None or turns.is_repeated(turn, _last(sitting), now):
            return
        _note(sitting, turn, typed, now)
        caller = _Caller(self, sitting, citizen)
        late, heir = caller.words(typed), sittings.newest_after(self.session, sitting.phone, sitting.id)
        if not late.tells or caller.has_filed(late) or (heir and heir.outcome == Outcome.DROPPED):
            return
        cries = caller.cries(typed)
        if heir and heir.open_until and heir.open_until > now and not cries:
            caller = _Caller(self, heir, citizen)
        caller.adds(late, cries=cries)

    def _ends(self, sitting: Sitting, turn: UssdTurn, citizen: Citizen) -> None:
        """The network says that it is over. An answer that only this notice brings is kept as if it had come in time."""
        now = self.now()
        if sitting.more and turn.history and not turns.is_repeated(turn, _last(sitting), now):
            typed = turns.added(turn, sitting.last_history)
            _note(sitting, turn, typed, now)
            _Caller(self, sitting, citizen).plays(read(sitting.standing), typed)
        if sitting.state == "open":
            sitting.state = "ended"
            if sitting.look_at:
                sitting.look_at = min(sitting.look_at, now + self.patience)


class _Caller:
    """The person at the other end of one sitting."""

    def __init__(self, usher: Usher, sitting: Sitting, citizen: Citizen) -> None:
        self._session, self._clerk, self._patience = usher.session, usher.clerk, usher.patience
        self._sitting, self._citizen, self._now = sitting, citizen, usher.now()
        self._known = Known(wards(usher.clerk.handbook), usher.clerk.screens.languages, self._cases)

    def plays(self, before: Standing, typed: str | None) -> UssdScreen:
        """One answer, or none at the beginning. Words that cry for help are not kept waiting for the rest."""
        played = Played(before) if typed is None else play(before, typed, self._known)
        if played.act is None and played.standing.draft != before.draft and self.cries(typed or ""):
            played = Played(played.standing.at(Name.FILED), Act.FILE)
        return self._shows(played)

    def words(self, typed: str) -> Draft:
        """What an answer says where the session stands, without doing anything."""
        return play(replace(read(self._sitting.standing), draft=Draft()), typed, self._known).standing.draft

    def has_filed(self, words: Draft) -> bool:
        """Whether a complaint that came since this session began says all this."""
        since = [one.text for one in self._complaints() if one.received_at >= self._sitting.started_at]
        told = Draft(text="\n".join(since))
        return told.holds(words.text) and told.holds(words.hamlet or "")

    def adds(self, late: Draft, *, cries: bool) -> None:
        """Puts words that came late into the draft, where they wait as all of it does, unless they cry for help."""
        standing = read(self._sitting.standing)
        standing = replace(standing, draft=standing.draft.and_late(late))
        if cries:
            self._shows(Played(standing.at(Name.FILED), Act.FILE))
            return
        self._sitting.standing = standing.written()
        self._waits(standing, is_over=self._sitting.state == "ended")

    def cries(self, typed: str) -> bool:
        """For help that cannot wait."""
        return any(sign.isalpha() for sign in typed) and self._clerk.reader.read(typed).emergency

    def _shows(self, played: Played) -> UssdScreen:
        said, standing = self._does(played)
        if SCREENS[standing.screen].ends:
            screen = UssdScreen(said or self._clerk.screens.left(standing, self._tongue), more=False)
        else:
            shown = self._clerk.screens.show(standing, self._known, self._tongue)
            standing, screen = replace(standing, page=shown.page), UssdScreen(shown.text, more=True)
        self._keeps(standing, screen)
        return screen

    @property
    def _tongue(self) -> Tongue:
        return Tongue(self._citizen.language, self._citizen.tone_marks)

    def _does(self, played: Played) -> tuple[str, Standing]:
        """What was asked for, and what a last screen says of it."""
        standing = played.standing
        match played.act:
            case Act.FILE:
                return self._files(standing), filed(standing)
            case Act.RATE:
                return self._rates(standing, int(played.value)), standing
            case Act.JUDGE:
                return self._judges(standing, Verdict(played.value)), standing
            case Act.CALL:
                return self._wishes_a_call(standing), standing
            case Act.SPEAK:
                self._citizen.language = played.value
            case Act.DROP:
                self._sitting.outcome = Outcome.DROPPED
        return "", standing

    def _files(self, standing: Standing) -> str:
        """Where the clock took the words in before the key came that sends them, of that complaint."""
        if standing.draft.tells:
            complaint, self._sitting.outcome = self._files_draft(standing.draft), Outcome.FILED
        else:
            complaint = self._session.get(Complaint, self._sitting.complaint_id or 0)
        if complaint is None:
            return self._says(n.WhereToTurn())
        reference, handbook = complaint.reference or "", self._clerk.handbook
        if complaint.emergency:
            return self._says(n.EmergencyAdvice(reference))
        if complaint.urgent:
            return self._says(n.DangerReceived(reference, promised(complaint, handbook)))
        office = "" if complaint.private else handbook.name_of(complaint.office_id)
        return self._says(n.ComplaintReceived(reference, promised(complaint, handbook), office))

    def _files_draft(self, draft: Draft) -> Complaint | None:
        return self._clerk.file(self._sitting, draft, self._citizen.language, at=self._now, now=self._now)

    def _rates(self, standing: Standing, score: int) -> str:
        complaint = tracking.named(self._complaints(), standing.case)
        if complaint is None or complaint.answered_at is None:
            return self._says(n.HowToRate(standing.case))
        tracking.rate(self._session, complaint, score, str(score), self._now)
        return self._says(n.Rated(standing.case, score))

    def _judges(self, standing: Standing, verdict: Verdict) -> str:
        """The same that a text with this digit does; where no word is waited for any more, how it stands."""
        clerk, known, said = self._clerk, self._complaints(), Said(verdict, standing.case)
        judged = verdicts.hear(self._session, clerk.handbook, clerk.speech, self._citizen, known, said, now=self._now)
        if judged:
            return self._says(judged.notice)
        complaint = tracking.named(known, standing.case)
        return self._says(tracking.standing(complaint, clerk.handbook) if complaint else n.WhereToTurn())

    def _wishes_a_call(self, standing: Standing) -> str:
        """About the complaint looked at, else the newest that is open and may be told of; whoever has none opens one."""
        known = self._complaints()
        complaint = tracking.named(known, standing.case) or citizens.latest_open(tracking.in_sight(known))
        complaint = complaint or self._files_draft(Draft(text=self._clerk.screens.wish(self._citizen.language)))
        if complaint is None:
            return self._says(n.WhereToTurn())
        calling.wish(self._session, self._clerk.speech, complaint, self._now)
        return self._clerk.screens.called(complaint.reference or "", self._tongue)

    def _says(self, notice: n.Notice) -> str:
        speech = self._clerk.speech
        say = lambda tongue: speech.say(notice, language=tongue.language, tone_marks=tongue.tone_marks)  # noqa: E731
        return self._clerk.screens.end(say, self._tongue)

    def _complaints(self) -> Sequence[Complaint]:
        return citizens.complaints_of(self._session, self._citizen)

    def _cases(self) -> Sequence[Case]:
        known = self._complaints()
        answers = sittings.answers(self._session, [complaint.id for complaint in known if complaint.answered_at])
        awaited = {complaint.id for complaint in verdicts.awaited(known, self._now)}
        return [
            Case(
                report=tracking.standing(complaint, self._clerk.handbook),
                answer=answers.get(complaint.id, ""),
                rated=complaint.rating is not None,
                awaited=complaint.id in awaited,
                hidden=complaint.private,
            )
            for complaint in known
        ]

    def _keeps(self, standing: Standing, screen: UssdScreen) -> None:
        sitting = self._sitting
        sitting.screen, sitting.standing = standing.screen, standing.written()
        sitting.last_screen, sitting.more = screen.text, screen.more
        sitting.state = "open" if screen.more else "ended"
        self._waits(standing, is_over=not screen.more)
        if standing.is_unfinished:
            sitting.outcome = ""
        elif not screen.more:
            sitting.outcome = sitting.outcome or Outcome.LEFT

    def _waits(self, standing: Standing, *, is_over: bool) -> None:
        until = waits(standing, self._now, self._patience, is_over=is_over)
        self._sitting.look_at, self._sitting.open_until = until.look_at, until.open_until


def _last(sitting: Sitting) -> turns.Last:
    typed = sitting.answers[-1] if sitting.answers else ""
    return turns.Last(sitting.last_history, sitting.turn_ref, typed, sitting.touched_at)


def _note(sitting: Sitting, turn: UssdTurn, typed: str | None, now: datetime) -> None:
    """What was typed, whatever comes of it."""
    sitting.answers = sitting.answers if typed is None else [*sitting.answers, typed]
    sitting.last_history, sitting.turn_ref, sitting.touched_at = turn.history, turn.mark, now
