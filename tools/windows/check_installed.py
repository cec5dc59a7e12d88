"""Exits 0 where the environment was installed from the lock as it is now."""

import sys
from pathlib import Path

lock, stamp = Path("requirements.lock"), Path(".venv/installed.lock")
sys.exit(not (stamp.exists() and stamp.read_bytes() == lock.read_bytes()))
