"""What a secretary can do, without Qt and without SQL."""
