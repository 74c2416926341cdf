"""The report of 2022 once more: 25 texts come in over a provider's webhook and are answered in time; the paper says so."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from ops.recount import differences, recount
from smsgw.domain.workdays import VIETNAM
from smsgw.services import answering, passing
from smsgw.services.answering import Kind, Letter, Sent, Writer
from smsgw.store import complaints
from smsgw.store.tables import Complaint, Official
from tests.conftest import Clock
from tests.journeys.conftest import AFRICASTALKING, AT_TOKEN, Town

EPIDEMIC = (
    "PA DB o to 3 phuong Tay Son co nha tu tap dong nguoi khong deo khau trang",
    "PA DB quan ca phe duong Quang Trung van ban tai cho du dang co dich",
    "PA DB nguoi ve tu vung dich o to 7 phuong An Phu khong khai bao y te",
    "PA DB cho An Khe khong do than nhiet, nguoi ban hang khong khau trang",
    "PA DB xin hoi khi nao tiem vac xin mui 2 cho nguoi gia o to 1 phuong An Tan",
    "PA DB khu cach ly thon 2 xa Cuu An thieu nuoc sat khuan",
    "PA DB to 5 phuong An Binh chua duoc phun khu khuan sau khi co ca F0",
    "PA DB hang quan duong Hoang Hoa Tham tu tap qua 20 nguoi",
    "PA DB chot kiem dich o cau Song Ba khong co nguoi truc luc toi",
)
TRAFFIC = (
    "PA GT duong Quang Trung doan truoc cho co o ga lon",
    "PA GT den tin hieu nga tu Quang Trung - Hoang Van Thu hong ba ngay nay",
)
LAND = ("PA DD ho so tach thua nop bo phan mot cua hai thang chua co ket qua",)
OTHERS = (
    "PA HT den duong hem 12 Quang Trung tat ca tuan",
    "PA HT cong thoat nuoc to 4 phuong An Tan bi tac",
    "PA DN xa Tu An mat nuoc sinh hoat tu thu hai",
    "PA DN dien thon 1 xa Song An chap chon toi nao cung mat",
    "PA MT rac o cho An Khe khong ai don ba ngay nay",
    "PA MT co so giet mo to 6 phuong An Phu xa nuoc ban ra muong",
    "PA XD nha hang xom xay lan via he to 2 phuong Tay Son",
    "PA AN quan karaoke to 8 phuong An Phu hat den khuya",
    "PA YT quan com duong Le Loi ban do an on thiu",
    "PA GD truong mam non thu them tien dau nam khong ro rang",
    "PA XH ho ngheo thon 3 xa Xuan An chua nhan duoc tien ho tro",
    "PA NN kenh thuy loi thon 4 xa Cuu An can nuoc, lua kho",
    "PA KH loa phuong mo qua som, 4 gio 30 sang",
)
TEXTS = (*EPIDEMIC, *TRAFFIC, *LAND, *OTHERS)
ANSWER = "To cong tac da den kiem tra va xu ly xong sang nay, cam on ba con."


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    return {**environment, **AFRICASTALKING}


@pytest.fixture
def town_of_2022(town: Town, clock: Clock) -> Town:
    """Everything came, found its office and was answered the next day."""
    for number, text in enumerate(TEXTS, 1):
        form = {"id": f"at-{number}", "from": f"+8490512{number:04}", "to": "8079", "text": text}
        form |= {"date": "2026-11-23 02:00:00", "linkId": f"l-{number}"}
        assert town.client().post(f"/sms/africastalking/{AT_TOKEN}", data=form).status_code == 200
    while town.gateway.listener().batch():
        pass
    clock.moves(days=1)
    house = town.gateway
    with house.database.write() as session:
        official = session.scalars(select(Official.id).order_by(Official.id)).first()
        assert official
        writer, handbook = Writer(official, ("focal", "officer")), house.handbook(session)
        for one in session.scalars(select(Complaint)).all():
            if one.state == "received":
                field, office = one.category or "KH", _any_office(handbook.places, one.unit_id)
                passing.assign(session, handbook, one, writer, category=field, office_id=office, now=clock.at)
            letter = Letter(Kind.ANSWER, ANSWER, seen=complaints.newest_line(session, one.id))
            proof = answering.preview(session, house.speech, one, letter).proof
            agreed = Letter(Kind.ANSWER, ANSWER, proof, letter.seen)
            told = answering.send(session, house.speech, handbook, one, agreed, writer, now=clock.at)
            assert isinstance(told, Sent), told
    clock.moves(hours=1)
    return town


def _any_office(places, unit_id: int) -> int:  # type: ignore[no-untyped-def]
    return next(place.id for place in places.values() if place.kind == "office" and place.parent_id == unit_id)


def _writes(town: Town, file: Path, form: str) -> Path:
    today = town.gateway.now().astimezone(VIETNAM).date().isoformat()
    asked = ["report", "--from", "2026-11-01", "--to", today, "--format", form, "--output", str(file)]
    result = town.app.test_cli_runner().invoke(args=asked)
    assert result.exit_code == 0, result.output
    return file


def test_the_figures_of_2022_come_out_in_every_form(town_of_2022: Town, tmp_path: Path):
    told = json.loads(_writes(town_of_2022, tmp_path / "r.json", "json").read_text("utf-8"))
    assert told["groups"] == {"covid": 9, "traffic": 2, "land": 1, "other": 13}
    assert (told["received"], told["answered"], told["on_time"], told["late"]) == (25, 25, 25, 0)
    assert told["on_time_share"] == 1
    shares = ["09/25", "02/25", "01/25", "13/25"]
    table = _writes(town_of_2022, tmp_path / "r.txt", "text").read_text("utf-8")
    assert re.findall(r"\d\d/25$", table, re.MULTILINE) == shares
    assert "100 % (đã trả lời 25/25)" in table
    rows = _writes(town_of_2022, tmp_path / "r.csv", "csv").read_text("utf-8-sig")
    assert re.findall(r"\d\d/25$", rows, re.MULTILINE) == ["25/25", *shares]
    for name in ("docx", "xlsx"):
        with zipfile.ZipFile(_writes(town_of_2022, tmp_path / f"r.{name}", name)) as archive:
            whole = "".join(archive.read(part).decode() for part in archive.namelist())
        assert [share for share in shares if f">{share}<" not in whole] == []


@pytest.mark.slow
def test_the_raw_log_tells_the_same(town_of_2022: Town, tmp_path: Path):
    report = json.loads(_writes(town_of_2022, tmp_path / "r.json", "json").read_text("utf-8"))
    log, now = town_of_2022.gateway.settings.home / "smsgw.db", town_of_2022.gateway.now()
    told = recount(log, date(2026, 11, 1), now.astimezone(VIETNAM).date(), now)
    assert differences(told, report) == []


@pytest.mark.slow
def test_the_paper_opens_in_libreoffice_and_looks_like_one(town_of_2022: Town, tmp_path: Path):
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        reason = "LibreOffice or pdftotext is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    file = _writes(town_of_2022, tmp_path / "report.docx", "docx")
    kept = Path(__file__).parents[1] / "papers"
    kept.mkdir(exist_ok=True)
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    convert = [str(office), "--headless", profile, "--convert-to", "pdf", "--outdir", str(kept), str(file)]
    subprocess.run(convert, check=True, capture_output=True, timeout=100)
    made = kept / "report.pdf"
    text = subprocess.run([str(reader), "-layout", str(made), "-"], check=True, capture_output=True, text=True).stdout
    told = " ".join(text.split())
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BÁO CÁO",
        "09/25",
        "02/25",
        "01/25",
        "13/25",
        "100 %",
        "Nơi nhận:",
    ):
        assert words in told, words
    if picture := shutil.which("pdftoppm"):
        subprocess.run([picture, "-png", "-r", "80", str(made), str(kept / "report")], check=True)
