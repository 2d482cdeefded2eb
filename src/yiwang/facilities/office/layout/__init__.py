"""One layout of an official document on the grid of GB/T 9704-2012, and its writers."""
