"""The lawbook (法规库): statutes for everybody, each article by its number and by the date on which it is in force.

Owns works (a law by its name), their versions as ranges of dates, the articles of each version, the search
over them, and what was loaded from where.
Does not own what a case type cites or what a document says: those name an article, and the lawbook shows it.
Nouns: work, version, article.
"""
