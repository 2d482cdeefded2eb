"""The community service centre (社区服务中心): a call or an order becomes help at the door.

Owns the catalogue of services, orders, the companies that serve, and how well they do.
Does not own calls (`facilities.hotline`), teams and offers (`facilities.dispatch`) or cases (`kernel.casework`).
Nouns: service item, order, company.
"""
