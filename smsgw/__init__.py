"""smsgw: an SMS and USSD gateway between citizens with feature phones and their local government."""
