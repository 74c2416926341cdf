"""WORDS: catalogs, sentences, and what fits into a segment."""
