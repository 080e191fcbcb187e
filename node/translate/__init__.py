"""Community words and wire words: the only place where both are named."""
