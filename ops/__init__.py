"""What starts, stops, checks and measures the house."""
