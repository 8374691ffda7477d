#!/usr/bin/env bash
# The bundle by itself: no Python, no environment. It trains a few steps on the sample, predicts, reports, opens its window.
set -euo pipefail
bundle=$(cd "$1" && pwd)
place=$(mktemp -d "${TMPDIR:-/tmp}/sciapp bundle XXXX")
trap 'rm -rf "$place"' EXIT
bare() { env -i HOME="$place" LANG=C PATH=/usr/bin:/bin "$@"; }
say() { printf '\n== %s\n' "$*"; }

say "starts with nothing around it"
bare "$bundle/sciapp" env > "$place/env.txt"
head -3 "$place/env.txt"

say "trains, predicts, compresses and reports through its own executable"
samples=$bundle/_internal/resources/samples
bare "$bundle/sciapp" new "$place/project" --domain molecule
bare "$bundle/sciapp" import "$place/project" "$samples/esol.csv"
bare "$bundle/sciapp" train "$place/project" --set max_steps=5 --set num_train_epochs=1
bare "$bundle/sciapp" compress "$place/project" 1 > /dev/null
bare "$bundle/sciapp" predict "$place/project" 1 "$samples/esol.csv" --out "$place/predictions.csv"
bare "$bundle/sciapp" report "$place/project" 1 --out "$place/report.html"
test -s "$place/report.html" && test "$(wc -l < "$place/predictions.csv")" -ge 1129

say "opens its window on the project under Xvfb"
command -v Xvfb >/dev/null || { echo "Xvfb is not installed: apt-get install xvfb xdotool" >&2; exit 1; }
exec 9< <(exec Xvfb -displayfd 1 -screen 0 1280x900x24 -nolisten tcp 2>/dev/null)
server=$!
read -r -u 9 number
trap 'kill "${window:-}" "$server" 2>/dev/null; rm -rf "$place"' EXIT
bare DISPLAY=":$number" "$bundle/sciapp" "$place/project" 2> "$place/window.log" & window=$!
found=
for _ in $(seq 60); do
  found=$(DISPLAY=":$number" xdotool search --name 'project – SciApp' 2>/dev/null | head -1 || true)
  [ -n "$found" ] && break
  kill -0 "$window" 2>/dev/null || { cat "$place/window.log" >&2; exit 1; }
  sleep 0.5
done
[ -n "$found" ] || { echo "the window did not come" >&2; cat "$place/window.log" >&2; exit 1; }
echo "window ${found} is open"
echo
echo "The bundle works."
