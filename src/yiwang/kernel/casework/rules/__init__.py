"""The pure rules of casework: no Django, no database, no clock; *now* is a parameter."""
