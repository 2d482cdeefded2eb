"""Screens of the office: registers, a document, drafting, circulation, signing, numbers."""
