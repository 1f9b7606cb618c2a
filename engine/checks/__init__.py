"""What a release must satisfy before it goes live: one rule or family of rules per file, each giving `Finding`s in both languages.

An error refuses a release; a warning is shown to compliance. A check reads resources and never changes them.
"""
