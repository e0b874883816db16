"""The page and its API: look, decide, export. Reads the store; never mail, never a council."""
