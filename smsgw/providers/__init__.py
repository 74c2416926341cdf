"""DIALECTS: one file a provider, its ear and its mouth together."""
