#!/usr/bin/env bash
# Debian and Ubuntu: the system libraries that Qt's window needs, and Python's venv module.
# Installs what is missing when root; otherwise names it in one line and goes on (headless work needs none of it).
set -euo pipefail

wanted=(
  libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
  libxcb-shape0 libxcb-xfixes0 libxcb-sync1 libxcb-xkb1 libx11-xcb1 libgl1 libegl1 libfontconfig1 libdbus-1-3
  fonts-dejavu-core
)

command -v dpkg-query >/dev/null || exit 0 # another distribution: its own packages, not ours to guess

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

missing=()
for package in "${wanted[@]}"; do
  installed "$package" || missing+=("$package")
done
# glib was renamed by the 64-bit time transition
installed libglib2.0-0 || installed libglib2.0-0t64 || missing+=("$(apt-cache show libglib2.0-0t64 >/dev/null 2>&1 && echo libglib2.0-0t64 || echo libglib2.0-0)")
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  missing+=(python3-venv)
fi

[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "Please install (as root): apt-get install ${missing[*]}" >&2
  exit 0
fi
echo "Installing system packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
