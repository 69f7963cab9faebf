#!/usr/bin/env bash
# Installs what some suites need beyond npm ci: Debian packages, and what is under the GPL outside of the repository.
# Where that cannot be done, those suites say so by name; under CI=true that is a failure.
set -euo pipefail

# Where packages/plugin-espeak/src/espeak.integration.test.ts looks for it: os.tmpdir() of Node.
espeak="$(node -p 'os.tmpdir()')/sluice-test-tools/espeak-0.3.5"
if [ ! -e "$espeak/node_modules/@echogarden/espeak-ng-emscripten/espeak-ng.data" ]; then
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$espeak" @echogarden/espeak-ng-emscripten@0.3.5 || {
    echo 'not installed: @echogarden/espeak-ng-emscripten (the suite of plugin-espeak will say so)'
    [ "${CI:-}" != true ]
  }
fi

missing=()
for tool in sox espeak-ng chromium ffmpeg; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
command -v turnserver >/dev/null || missing+=(coturn)
command -v ip >/dev/null || missing+=(iproute2)
# Debian puts it where only root looks.
[ -x /usr/sbin/nats-server ] || command -v nats-server >/dev/null || missing+=(nats-server)
[ -x /usr/bin/janus ] || missing+=(janus)
[ -d /usr/lib/python3/dist-packages/aiortc ] || missing+=(python3-aiortc)
# Their packages are named for their files.
[ -e /usr/share/pocketsphinx/model/en-us/en-us.lm.bin ] || missing+=(pocketsphinx-en-us)
ldconfig -p 2>/dev/null | grep -q libpocketsphinx.so.3 || missing+=(libpocketsphinx3)
if [ "${#missing[@]}" -eq 0 ]; then
  echo 'all there'
  exit 0
fi
if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null && exit 0
fi
echo "not installed: ${missing[*]} (suites that need them will say so)"
[ "${CI:-}" != true ]
