"""What the centre adds: a desk that also gathers."""
