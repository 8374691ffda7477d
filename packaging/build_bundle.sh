#!/usr/bin/env bash
# Build dist/sciapp from a minimal environment of its own: whatever is installed there ends up in the bundle.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=build/bundle-venv
stamp=$environment/.installed
if [ ! -e "$stamp" ] || [ pyproject.toml -nt "$stamp" ]; then
  rm -rf "$environment"
  "${PYTHON:-python3}" -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --upgrade pip
  "$environment/bin/python" -m pip install --quiet '.[bundle]'
  # The program itself is taken from the source tree, so that a changed line does not need a new environment.
  "$environment/bin/python" -m pip uninstall --quiet --yes sciapp
  touch "$stamp"
fi
"$environment/bin/python" -m PyInstaller --noconfirm --log-level WARN \
  --distpath dist --workpath build/pyinstaller packaging/sciapp.spec
install -m 755 packaging/install_desktop.sh dist/sciapp/
install -m 644 packaging/sciapp.desktop packaging/sciapp-mime.xml LICENSE dist/sciapp/
du -sh dist/sciapp
