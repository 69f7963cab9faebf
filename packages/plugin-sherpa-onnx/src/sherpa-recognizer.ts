import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { checkKeys, invalidArgument, outOfRange } from '@sluice/core';
import { defineVoiceModel, type Recognizer, recognizeInThread, voiceError } from '@sluice/core/voice';

/** Paths of a streaming model's files: a transducer's three, or a zipformer2 CTC model's one. */
export type SherpaModel =
  | {
      /** ONNX: makes features of the sound. */
      readonly encoder: string;
      /** ONNX: knows what was said before. */
      readonly decoder: string;
      /** ONNX: makes tokens of what both say. */
      readonly joiner: string;
      /** Text: the model's tokens with their numbers, one a line. */
      readonly tokens: string;
    }
  | {
      /** ONNX: the whole model. */
      readonly zipformer2Ctc: string;
      /** Text: the model's tokens with their numbers, one a line. */
      readonly tokens: string;
    };

/** Model and threads of {@link sherpaRecognizer}. */
export interface SherpaOptions {
  /** The files of the model; they are yours, nothing is fetched. */
  readonly model: SherpaModel;
  /** Threads of the engine. 1 to 64, default 1. */
  readonly threads?: number;
  /** How late its final comes, in milliseconds, as you measured it with your model. Default 300. */
  readonly latencyMs?: number;
}

/** From TypeScript sources the built twin is started: processes run compiled code. */
const thread = new URL(
  import.meta.url.endsWith('.ts') ? '../dist/decoder-child.js' : './decoder-child.js',
  import.meta.url,
);
const name = 'sherpa-onnx';
const kinds = [
  ['encoder', 'decoder', 'joiner', 'tokens'],
  ['zipformer2Ctc', 'tokens'],
];

/**
 * A streaming recogniser on sherpa-onnx. It hears 16 kHz mono; words have times only where the model's tokens have. It
 * runs in a process of its own, because a file that is no model ends the engine's.
 *
 * @example
 * const ears = sherpaRecognizer({ model: { zipformer2Ctc: 'model.onnx', tokens: 'tokens.txt' } });
 * @throws TypeError for options that are none; `open` rejects with `give-up` for files that are missing or no model
 */
export function sherpaRecognizer(options: SherpaOptions): Recognizer<object> {
  checkKeys<SherpaOptions>(name, options, { model: true, threads: true, latencyMs: true });
  const { model, threads = 1, latencyMs = 300 } = options;
  const keys = Object.keys(model ?? {});
  const fits = kinds.some((kind) => kind.length === keys.length && kind.every((key) => keys.includes(key)));
  if (!fits) throw invalidArgument('model', `paths of ${kinds.map((kind) => kind.join(', ')).join(', or ')}`, model);
  for (const [key, path] of Object.entries(model))
    if (typeof path !== 'string') throw invalidArgument(`model.${key}`, 'the path of a file', path);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) throw outOfRange('threads', '1 to 64', threads);
  if (!(latencyMs >= 0 && latencyMs <= 60_000)) throw outOfRange('latencyMs', '0 to 60,000', latencyMs);
  return defineVoiceModel<'recognizer', object>({
    kind: 'recognizer',
    name,
    accepts: { sampleRates: [16_000], channels: [1] },
    latencyMs,
    words: false,
    settings: {},
    start(context) {
      for (const path of Object.values(model)) checkFile(path);
      return recognizeInThread(context, {
        name,
        thread,
        isolated: true,
        sampleRate: 16_000,
        setUp: () => ({ model, threads }),
      });
    },
  });
}

function checkFile(path: string): void {
  const isThere = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (isThere && (!path.endsWith('.onnx') || isNetwork(path))) return;
  throw voiceError(isThere ? `${path} is no ONNX file` : `there is no file ${path}`, {
    model: name,
    category: 'give-up',
    fix: 'Get a streaming model of sherpa-onnx and give the paths of its files',
  });
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
