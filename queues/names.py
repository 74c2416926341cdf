"""The queues, in order of urgency."""

INBOX = "inbox"
OUTBOX = "outbox"
QUEUES = (INBOX, OUTBOX)
