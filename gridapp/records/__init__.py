"""What we keep: each record declared once."""
