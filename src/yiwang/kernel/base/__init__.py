"""Ids, text normalisation for Chinese, typed settings, pages, events, background-job plumbing.

Owns the small things that every other module needs and that know no table.
Does not own anything a clerk would have a word for.
Nouns: page, event, setting.
"""
