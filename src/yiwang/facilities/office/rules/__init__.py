"""What an official document is and which rules it keeps: no Django, no database, no clock."""
