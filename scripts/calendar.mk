# Draft the committed calendar anew from the `holidays` package; read the difference before committing it.
.PHONY: calendar
calendar:
	.venv/bin/python -m yiwang.kernel.calendar.drafting
	git diff --stat -- src/yiwang/kernel/calendar/announced.json
