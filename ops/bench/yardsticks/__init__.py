"""YARDSTICKS: what the product is measured against, written plainly and served by the same server."""
