#!/bin/sh
# What `make test` needs from the system: a browser, and Node.js with npm. What is missing is
# installed where that is allowed (root on Debian or Ubuntu); elsewhere it is said what to install.
set -eu

missing=""
have() { command -v "$1" >/dev/null 2>&1; }
have chromium || have chromium-browser || have google-chrome ||
    have google-chrome-stable || missing="chromium"
have node || missing="$missing nodejs"
have npm || missing="$missing npm"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && have apt-get; then
    echo "Installing for the tests:" $missing
    apt-get update -qq || true # an unreachable source need not matter; what is missing will tell
    # shellcheck disable=SC2086  # one word a package
    if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; then
        exit 0
    fi
fi

cat >&2 <<TEXT
The tests need a browser (Chromium or Google Chrome) and Node.js with npm.
Missing here: $(echo $missing)
  Debian:  sudo apt-get install $(echo $missing)
  Ubuntu:  sudo snap install chromium && sudo apt-get install nodejs npm
  Fedora:  sudo dnf install chromium nodejs npm
  macOS:   brew install --cask chromium && brew install node
Then run make test again. (make lab, the notebooks and the calculators need none of them.)
TEXT
exit 1
