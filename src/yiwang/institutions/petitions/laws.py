"""The statutes that the petition office works under."""

from datetime import date

from yiwang.kernel.casework.rules.casetype import Law

REGULATIONS = Law(
    key="petition-work-2022",
    title="信访工作条例",
    title_en="Regulations on Petition Work",
    passed_on=date(2022, 2, 25),
)
CIVIL_CODE = Law(
    key="civil-code-general",
    title="民法典",
    title_en="Civil Code",
    passed_on=date(2020, 5, 28),
)
