#!/usr/bin/env bash
# publint on every package, from the tarball that npm would publish.
set -euo pipefail
for package in packages/*/; do
  npx publint run "$package" --level warning --pack npm
done
