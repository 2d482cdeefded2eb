"""The county's public portal: its front, the way to write, and what comes after."""
