"""The tag library `ui`: every component of the design language, gathered from its families."""

from django.template import Library

from yiwang.kernel.ui.tags import charts, forms, frame, records, tables, times, words

register = Library()

for family in (words, forms, tables, times, records, charts, frame):
    register.tags.update(family.register.tags)
    register.filters.update(family.register.filters)
