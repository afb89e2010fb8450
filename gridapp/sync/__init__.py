"""Bundles: capture, stamp, seal, merge, and the receipt of what has surely arrived."""
