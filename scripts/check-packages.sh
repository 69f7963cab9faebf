#!/usr/bin/env bash
# Every package from the tarball that npm would publish: publint, then what holds away from this repository.
set -euo pipefail
cd "$(dirname "$0")/.."

into=$(mktemp -d)
trap 'rm -r "$into"' EXIT
npm pack --json --ignore-scripts --pack-destination "$into" ./packages/*/ >"$into/packed.json"
node scripts/lint-tarballs.mjs "$into"
node scripts/check-tarballs.mjs "$into"
