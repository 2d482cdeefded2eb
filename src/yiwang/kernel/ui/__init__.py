"""The design language: layout, components, tables, charts, forms and the pattern page.

Owns how things look and how they answer to the keyboard.
Does not own what a page says or who may open it.
Nouns: component, place, token.
"""
