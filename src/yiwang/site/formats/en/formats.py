"""English days as the other words of a page have them: 24 November 2026, not Nov. 24, 2026."""

DATE_FORMAT = "j F Y"
