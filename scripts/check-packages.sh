#!/usr/bin/env bash
# Every package from the tarball that npm would publish: publint, then what holds away from this repository.
set -euo pipefail
for package in packages/*/; do
  npx publint run "$package" --level warning --pack npm
done
node scripts/check-tarballs.mjs
