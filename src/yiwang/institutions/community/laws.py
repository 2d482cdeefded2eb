"""The statutes that the service centre works under."""

from datetime import date

from yiwang.kernel.casework.rules.casetype import Law

CONTRACTS = Law(
    key="civil-code-contracts", title="民法典", title_en="Civil Code", passed_on=date(2020, 5, 28)
)
E_COMMERCE = Law(
    key="e-commerce-2018", title="电子商务法", title_en="E-Commerce Law", passed_on=date(2018, 8, 31)
)
CONSUMERS = Law(
    key="consumers-2013",
    title="消费者权益保护法",
    title_en="Law on the Protection of Consumer Rights and Interests",
    passed_on=date(2013, 10, 25),
)
PERSONAL_DATA = Law(
    key="personal-information-2021",
    title="个人信息保护法",
    title_en="Personal Information Protection Law",
    passed_on=date(2021, 8, 20),
)
PRICES = Law(key="prices-1997", title="价格法", title_en="Price Law", passed_on=date(1997, 12, 29))
