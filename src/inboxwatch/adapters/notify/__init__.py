"""Ways to reach the user: email, webhook, other channels. Never a public body."""
