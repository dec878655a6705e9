"""Documents as PDF: outgoing letters, disposition sheets.

`model` says what a document holds, one module each makes it. Everything a person
wrote reaches the typesetter as data, never as its language (ADR 0087).
"""
