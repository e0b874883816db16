"""The domain: facts about mail and the pure decisions drawn from them."""
