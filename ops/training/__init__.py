"""Learns the weights of words from the texts in `training/`. Nothing here runs in the service."""
