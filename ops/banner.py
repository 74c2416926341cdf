"""What ./run tells a person once everything answers; a program of its own, so that the supervisor stays small."""

import os
from collections.abc import Iterable

from ops.ground import reads_vietnamese
from ops.ports import local_address
from ops.told import told_settings, without_password
from smsgw.services.first_data import DemoLogin, demo_logins
from smsgw.settings import Settings

TEXT = {
    False: {
        "ready": "Ready.",
        "public": "what everybody may see",
        "phone": "the simulated phone",
        "desk": "officials",
        "health": "is it standing?",
        "logins": "Demo logins",
        "database": "Database",
        "broker": "Broker",
        "embedded": "embedded Valkey",
        "text in": "Send a text from another terminal:",
        "stop": "Ctrl-C stops everything.",
    },
    True: {
        "ready": "Đã sẵn sàng.",
        "public": "trang công khai",
        "phone": "điện thoại mô phỏng",
        "desk": "cán bộ",
        "health": "tình trạng hệ thống",
        "logins": "Tài khoản thử",
        "database": "Cơ sở dữ liệu",
        "broker": "Hàng đợi",
        "embedded": "Valkey đi kèm",
        "text in": "Gửi thử một tin nhắn từ cửa sổ khác:",
        "stop": "Ctrl-C để dừng tất cả.",
    },
}
EXAMPLE = "PA DN xa Tu An mat nuoc tu thu hai"


def ready(settings: Settings, logins: Iterable[DemoLogin], *, vietnamese: bool) -> str:
    """Addresses, demo logins, what is used, how to try it and how to stop."""
    say, address = TEXT[vietnamese], local_address(settings.host, settings.port)
    pages = [("/", "public"), ("/phone", "phone"), ("/desk/", "desk"), ("/healthz", "health")]
    shown = [(path, meaning) for path, meaning in pages if settings.demo or path != "/phone"]
    lines = ["", say["ready"], *(f"  {address + path:<34} {say[meaning]}" for path, meaning in shown)]
    if settings.demo:
        lines += ["", f"{say['logins']}:", *map(_login, logins)]
    lines += [
        "",
        f"{say['database']}: {without_password(settings.database_url)}",
        f"{say['broker']}: {_broker(settings, say)}",
    ]
    if "simulator" in settings.sms_in:
        lines += ["", say["text in"], f"  {curl(settings)}"]
    return "\n".join([*lines, "", say["stop"], "", ""])


def curl(settings: Settings) -> str:
    """A command that sends one incoming text through the simulator's webhook."""
    fields = {"from": "+84900000001", "text": EXAMPLE}
    data = " ".join(f"--data-urlencode '{name}={value}'" for name, value in fields.items())
    return f'curl {data} --data-urlencode "id=$(date +%s)" {local_address(settings.host, settings.port)}/sms/simulator'


def _login(login: DemoLogin) -> str:
    return f"  {login.username:<16} {login.password:<16} {login.role:<12} {login.name}"


def _broker(settings: Settings, say: dict[str, str]) -> str:
    return say["embedded"] if settings.embedded_broker else without_password(settings.redis_url)


if __name__ == "__main__":
    print(ready(told_settings(), demo_logins(), vietnamese=reads_vietnamese(os.environ)), end="", flush=True)
