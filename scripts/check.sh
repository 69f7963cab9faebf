#!/usr/bin/env bash
# Everything that has to hold, in the order in which it fails fastest. CI runs exactly this.
set -euo pipefail
cd "$(dirname "$0")/.."

step() {
  printf '\n== %s\n' "$1"
  shift
  "$@"
}

source_holds() {
  step 'format and lint' npx biome check --error-on-warnings .
  step 'types of tests, examples and benches' npm run --silent typecheck
}
packages_hold() {
  step 'unused files, exports and dependencies' npx knip
  step 'rooms: who uses whom' npm run --silent rooms
  step 'packages as they would be published' bash scripts/check-packages.sh
}

step 'what the tests need beyond npm' bash scripts/install-test-tools.sh
step 'build' npm run --silent build
# Beside each other, for two cores; what the second says comes after the first.
said=$(mktemp)
trap 'rm "$said"' EXIT
packages_hold >"$said" 2>&1 &
packages=$!
source_holds &
failed=0
wait $! || failed=1
wait $packages || failed=1
cat "$said"
[ $failed -eq 0 ]
step 'tests' node scripts/run-tests.mjs
