"""The trial by faults: real processes, providers that fail on purpose, kills, and a checker that counts from outside."""
