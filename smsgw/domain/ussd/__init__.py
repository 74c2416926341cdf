"""The USSD dialogue: a script of named screens, where a session stands in it, and what becomes of one that breaks off."""
