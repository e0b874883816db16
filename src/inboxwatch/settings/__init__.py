"""Settings: where they come from, what they mean, and every fault in them at once."""
