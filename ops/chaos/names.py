"""What the house under trial and the providers' stand-ins know each other by. Nothing here opens anything real."""

PUBLIC_URL = "https://chaos.invalid"
OUR_NUMBER = "+84900999999"
TWILIO_ACCOUNT = "AC" + "0" * 32
TWILIO_TOKEN = "a-token-for-trials-only-01234567"  # noqa: S105 - signs nothing but a trial's calls
AFRICASTALKING_USER = "trials"
AFRICASTALKING_TOKEN = "a-path-token-for-trials-only-africastalking"  # noqa: S105
KANNEL_TOKEN = "a-path-token-for-trials-only-kannel-0123456"  # noqa: S105
PASSWORD = "for-trials-only"  # noqa: S105
SECRET = "for-trials-only-" + "x" * 32

DUTY_PHONE = "+84900999998"
FOCAL_PHONE, LEADER_PHONE = "+84900999101", "+84900999102"
UNIT = "23617"  # the home unit: what names no other place lies in it

TWILIO, AFRICASTALKING, KANNEL = "twilio", "africastalking", "kannel"


def product_environ(stand_ins: int) -> dict[str, str]:
    """The three providers' settings, with their stand-ins on this port of this machine."""
    there = f"http://127.0.0.1:{stand_ins}"
    everybody = f"{TWILIO},{AFRICASTALKING},{KANNEL}"
    return {
        "SMSGW_SMS_IN": everybody,
        "SMSGW_SMS_OUT": everybody,
        "SMSGW_USSD": AFRICASTALKING,
        "SMSGW_QUIET_HOURS": "",
        "SMSGW_UNDO_SECONDS": "0",
        "SMSGW_DAILY_BUDGET": "",
        "SMSGW_OFFICIAL_LIMIT": "9999/9999",
        "TWILIO_ACCOUNT_SID": TWILIO_ACCOUNT,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_FROM": OUR_NUMBER,
        "TWILIO_API_BASE": there,
        "AFRICASTALKING_USERNAME": AFRICASTALKING_USER,
        "AFRICASTALKING_API_KEY": PASSWORD,
        "AFRICASTALKING_FROM": "8079",
        "AFRICASTALKING_CALLBACK_TOKEN": AFRICASTALKING_TOKEN,
        "AFRICASTALKING_API_BASE": f"{there}/version1",
        "KANNEL_SENDSMS_URL": f"{there}/cgi-bin/sendsms",
        "KANNEL_USERNAME": AFRICASTALKING_USER,
        "KANNEL_PASSWORD": PASSWORD,
        "KANNEL_FROM": "8079",
        "KANNEL_CALLBACK_TOKEN": KANNEL_TOKEN,
    }
