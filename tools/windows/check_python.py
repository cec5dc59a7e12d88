"""Exits 0 where this Python can run the dashboard: 3.11 or newer, 64 bit, and of the version asked for, if one is."""

import sys

wanted = sys.argv[1] if len(sys.argv) > 1 else ""
running = f"{sys.version_info[0]}.{sys.version_info[1]}"
suits = sys.version_info >= (3, 11) and sys.maxsize > 2**32 and wanted in ("", running)
sys.exit(not suits)
