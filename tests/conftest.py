"""For every test: windows are drawn off screen, and Hypothesis looks as long as its profile says, never at a clock."""
from __future__ import annotations

import os

from hypothesis import settings

# Before any test imports PySide6; also when pytest is called directly.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("daily", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=3000)
settings.load_profile("daily")
