"""The rules of the lawbook: what a statute's text says by its form. Pure Python, without a database or a clock.

`numerals` reads and writes the numbers of articles, `titles` tells when two names mean one law, `structure`
parses a text into parts, chapters, articles, paragraphs, items and sub-items.
"""
