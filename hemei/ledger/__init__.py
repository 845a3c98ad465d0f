"""What happened, for good: hash chains, daily seals, and the check of both."""
