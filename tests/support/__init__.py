"""What tests of every part share: a real PostgreSQL, a real browser, and plain words for what is missing."""
