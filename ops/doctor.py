"""`./run doctor`: looks at the whole set-up and lists every problem with its mend. Changes nothing."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from ops import broker, ports
from ops.ground import ROOT, Ground, reads_vietnamese, tell
from ops.lock import is_held
from ops.setup import standing
from ops.told import SetUpError, told_settings, without_password
from smsgw.settings import Settings, broker_socket
from smsgw.store.spool import Spool
from smsgw.text.catalogs import po_files

OLDEST_PYTHON = (3, 11)
OLDEST_BROKER = 7
LEAST_SPACE = 200 * 2**20  # bytes; a database, its log and the broker's append-only file grow side by side
PATIENCE = 3.0  # seconds

# What can be found, by name: how it is said and how it is mended, in English and Vietnamese. No mend: all is well.
ENGLISH = {
    "python": ("Python {found}", ""),
    "old python": ("Python {found} is older than 3.11", "install a newer Python, delete .venv and run ./run again"),
    "packages": ("the packages are those of requirements.txt", ""),
    "other packages": ("the packages are not those of requirements.txt", "delete .venv and run ./run again"),
    "settings": ("the settings are complete ({mode})", ""),
    "wrong setting": ("{problem}", "correct it in the environment or in the file .env beside ./run"),
    "folder": ("the folder {folder} can be written", ""),
    "no folder": ("the folder {folder} cannot be written", "change its owner, or let SMSGW_HOME name another folder"),
    "space": ("{free} MB free in {folder}", ""),
    "no space": ("only {free} MB free in {folder}", "make room; the service needs {least} MB to live on"),
    "database": ("the database answers and is up to date", ""),
    "new database": ("the database is not made yet; ./run makes it", ""),
    "old database": ("the database is not up to date", "stop ./run and start it again"),
    "no database": ("the database does not answer: {why}", "start it, or correct DATABASE_URL ({url})"),
    "broker": ("the broker answers (version {version})", ""),
    "resting broker": ("the embedded broker is not running; ./run starts it", ""),
    "old broker": ("the broker is version {version}", "use Redis 7 or newer, or Valkey; or leave REDIS_URL empty"),
    "no broker": ("the broker does not answer: {why}", "start it, correct REDIS_URL ({url}), or leave it empty"),
    "port": ("port {port} is free", ""),
    "own port": ("./run is running", ""),
    "busy port": ("port {port} cannot be used: {why}", "stop the other program, or set PORT to another number"),
    "catalogs": ("the catalogs are compiled", ""),
    "raw catalogs": ("{count} catalogs are not compiled yet; ./run does it", ""),
    "spool": ("the spool {folder} can be written; waiting for the database: {waiting}", ""),
    "bad spool": (
        "damaged files in the spool, each perhaps a citizen's text: {bad}",
        "read them in {folder}/bad, enter what they tell by hand, then remove them",
    ),
    "mend": ("mend", ""),
    "count": ("{count} problem(s).", ""),
    "well": ("Everything is in order.", ""),
}
VIETNAMESE = {
    "python": ("Python {found}", ""),
    "old python": ("Python {found} cũ hơn 3.11", "cài Python mới hơn, xoá .venv rồi chạy lại ./run"),
    "packages": ("các gói đúng như requirements.txt", ""),
    "other packages": ("các gói không khớp requirements.txt", "xoá .venv rồi chạy lại ./run"),
    "settings": ("các thiết lập đầy đủ ({mode})", ""),
    "wrong setting": ("{problem}", "sửa trong biến môi trường hoặc tệp .env cạnh ./run"),
    "folder": ("ghi được vào thư mục {folder}", ""),
    "no folder": ("không ghi được vào thư mục {folder}", "đổi chủ thư mục, hoặc đặt SMSGW_HOME sang thư mục khác"),
    "space": ("còn trống {free} MB ở {folder}", ""),
    "no space": ("chỉ còn trống {free} MB ở {folder}", "dọn bớt đĩa; hệ thống cần {least} MB để hoạt động"),
    "database": ("cơ sở dữ liệu trả lời và đúng phiên bản", ""),
    "new database": ("chưa có cơ sở dữ liệu; ./run sẽ tạo", ""),
    "old database": ("cơ sở dữ liệu chưa đúng phiên bản", "dừng ./run rồi chạy lại"),
    "no database": ("cơ sở dữ liệu không trả lời: {why}", "khởi động nó, hoặc sửa DATABASE_URL ({url})"),
    "broker": ("hàng đợi trả lời (phiên bản {version})", ""),
    "resting broker": ("hàng đợi đi kèm chưa chạy; ./run sẽ khởi động", ""),
    "old broker": ("hàng đợi là phiên bản {version}", "dùng Redis 7 trở lên hoặc Valkey; hoặc bỏ trống REDIS_URL"),
    "no broker": ("hàng đợi không trả lời: {why}", "khởi động nó, sửa REDIS_URL ({url}), hoặc bỏ trống"),
    "port": ("cổng {port} còn trống", ""),
    "own port": ("./run đang chạy", ""),
    "busy port": ("không dùng được cổng {port}: {why}", "dừng chương trình kia, hoặc đặt PORT sang số khác"),
    "catalogs": ("các bản dịch đã được biên dịch", ""),
    "raw catalogs": ("{count} bản dịch chưa biên dịch; ./run sẽ làm", ""),
    "spool": ("ghi được vào thư mục chờ {folder}; đang chờ cơ sở dữ liệu: {waiting}", ""),
    "bad spool": (
        "tệp hỏng trong thư mục chờ, mỗi tệp có thể là tin của một người dân: {bad}",
        "đọc chúng trong {folder}/bad, nhập lại bằng tay, rồi xoá đi",
    ),
    "mend": ("cách sửa", ""),
    "count": ("{count} trục trặc.", ""),
    "well": ("Mọi thứ đều ổn.", ""),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: a name from the tables above and the values in its sentences."""

    name: str
    values: dict[str, object]

    @property
    def is_problem(self) -> bool:
        return bool(ENGLISH[self.name][1])


def found(name: str, **values: object) -> Finding:
    return Finding(name, values)


def look() -> Iterator[Finding]:
    """Everything there is to find, settings first: without them the rest cannot be looked at."""
    yield _python(sys.version_info[:3])
    yield found("packages" if Ground(ROOT, tell, with_pip=False).ready(["run"]) else "other packages")
    yield _catalogs(ROOT / "locale")
    try:
        settings = told_settings()
    except SetUpError as wrong:
        yield from (found("wrong setting", problem=problem) for problem in str(wrong).splitlines())
        return
    yield found("settings", mode=settings.mode)
    for check in CHECKS:
        yield check(settings)


def _python(version: tuple[int, ...]) -> Finding:
    name = "python" if version >= OLDEST_PYTHON else "old python"
    return found(name, found=".".join(map(str, version)))


def _catalogs(folder: Path) -> Finding:
    raw = [file for file in po_files(folder) if not file.with_suffix(".mo").exists()]
    return found("raw catalogs", count=len(raw)) if raw else found("catalogs")


def _folder(settings: Settings) -> Finding:
    return found(
        "folder" if os.access(_existing(settings.home), os.W_OK | os.X_OK) else "no folder", folder=settings.home
    )


def _space(settings: Settings) -> Finding:
    free = shutil.disk_usage(_existing(settings.home)).free
    name = "space" if free >= LEAST_SPACE else "no space"
    return found(name, free=free // 2**20, least=LEAST_SPACE // 2**20, folder=settings.home)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _spool(settings: Settings) -> Finding:
    """A folder that cannot be written stops every process, so `told_settings` has told of it before."""
    standing = Spool(settings.spool).standing()
    name = "bad spool" if standing.bad else "spool"
    return found(name, folder=settings.spool, waiting=standing.waiting, bad=standing.bad)


def _database(settings: Settings) -> Finding:
    if settings.database_url == f"sqlite:///{settings.home / 'smsgw.db'}" and not (settings.home / "smsgw.db").exists():
        return found("new database")  # looking would make an empty one
    try:
        return found("database" if standing(settings) else "old database")
    except SetUpError as trouble:
        return found("no database", why=trouble, url=without_password(settings.database_url))


def _broker(settings: Settings) -> Finding:
    if settings.embedded_broker and not broker.answers(broker_socket(settings.home)):
        return found("resting broker")
    try:
        with redis.Redis.from_url(settings.redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as line:
            version = str(line.info("server")["redis_version"])
    except redis.RedisError as trouble:
        return found("no broker", why=trouble, url=without_password(settings.redis_url))
    return found("broker" if int(version.partition(".")[0]) >= OLDEST_BROKER else "old broker", version=version)


def _port(settings: Settings) -> Finding:
    if is_held(settings.home):
        return found("own port")
    trouble = ports.trouble(settings.host, settings.port)
    return (
        found("busy port", port=settings.port, why=trouble.strerror) if trouble else found("port", port=settings.port)
    )


CHECKS: tuple[Callable[[Settings], Finding], ...] = (_folder, _space, _spool, _database, _broker, _port)


def main() -> int:
    """0 when there is nothing to mend, else 1."""
    words = VIETNAMESE if reads_vietnamese(os.environ) else ENGLISH
    problems = 0
    for finding in look():
        what, mend = (sentence.format(**finding.values) for sentence in words[finding.name])
        problems += finding.is_problem
        print(f"{'!!' if finding.is_problem else 'ok'}  {what}", flush=True)
        if mend:
            print(f"    {words['mend'][0]}: {mend}")
    print("\n" + words["count" if problems else "well"][0].format(count=problems))
    return min(problems, 1)


if __name__ == "__main__":
    sys.exit(main())
