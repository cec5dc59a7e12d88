"""Opens the dashboard in the browser as soon as the server on this machine answers."""

from __future__ import annotations

import sys
import time
import webbrowser
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE_SECONDS = 180


def main(port: int) -> int:
    """Wait for the server, then open the page; give up silently, since the server's own window says why."""
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=2):
                webbrowser.open(address)
                return 0
        except (URLError, OSError):
            time.sleep(0.5)
    return 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
