#!/bin/sh
# Installs what browser tests need, where that can be done without asking: on Debian, as root. Elsewhere it only says so.
set -u

have_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    [ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] || [ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ]
}

have_font() {
    [ "$(uname)" = Darwin ] && return 0
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family 2>/dev/null | head -n 1)" ]
}

if have_browser && have_font; then
    exit 0
fi
if [ -f /etc/debian_version ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing chromium and fonts-noto-cjk for the browser tests ..."
    export DEBIAN_FRONTEND=noninteractive
    if apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; then
        exit 0
    fi
fi
echo "No browser or no Chinese font for the browser tests, and they cannot be installed from here." >&2
echo "  Debian/Ubuntu: sudo apt install chromium fonts-noto-cjk    macOS: install Google Chrome" >&2
exit 0
