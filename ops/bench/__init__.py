"""`./run bench`: the product beside yardsticks that do known work, on the same machine in the same minutes."""
