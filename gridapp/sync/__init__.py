"""Bundles: what is edited here reaches the others by files, whatever happens to the stick.

capture (triggers) > stamping (dots) > outgoing + wire (rows as messages) > envelope (sealed, signed) > bundle.make / bundle.take
> merge (with stamp, rows, archive, parking) > link (receipts) > conflicts (what people look at). trust: who may. digest: are we equal.
"""
