"""The regulations that the office works under."""

from datetime import date

from yiwang.kernel.casework.rules.casetype import Law

DOCUMENTS = Law(
    key="official-documents-2012",
    title="党政机关公文处理工作条例",
    title_en="Regulations on the Handling of Official Documents",
    passed_on=date(2012, 4, 16),
)
