#!/usr/bin/env bash
# Tell this user's desktop about the bundle: menu entry, icon, and .sciproj files that open on a double-click.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
mkdir -p "$data/applications" "$data/mime/packages" "$data/icons/hicolor/scalable/apps" "$HOME/.local/bin"

# The path may hold blanks and quotes: the desktop entry wants it in quotes, with these characters escaped.
quoted=$(printf '%s' "$here/sciapp" | sed -e 's/[\\"`$]/\\&/g' -e 's/\\/\\\\/g' -e 's/%/%%/g')
awk -v program="Exec=\"$quoted\" %f" '/^Exec=/ { print program; next } { print }' "$here/sciapp.desktop" \
  > "$data/applications/sciapp.desktop"
cp "$here/sciapp-mime.xml" "$data/mime/packages/sciapp.xml"
cp "$here/_internal/resources/icons/sciapp.svg" "$data/icons/hicolor/scalable/apps/sciapp.svg"
ln -sf "$here/sciapp" "$HOME/.local/bin/sciapp"
if command -v update-mime-database >/dev/null; then update-mime-database "$data/mime"; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database "$data/applications"; fi
if command -v xdg-mime >/dev/null; then xdg-mime default sciapp.desktop application/x-sciapp-project; fi
echo "SciApp is in the menu; .sciproj files open with it."
