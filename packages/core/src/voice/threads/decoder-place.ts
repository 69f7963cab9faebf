import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromDecoder, ToDecoder } from './decoder-messages.ts';

/** Where a decoder runs. */
export interface Place {
  post(message: ToDecoder): void;
  kill(): void;
}

export interface PlaceEvents {
  message(message: FromDecoder): void;
  /** Once; nothing comes after it. */
  ended(reason: Error): void;
}

export function threadPlace(entry: URL, events: PlaceEvents): Place {
  const worker = new Worker(entry);
  let fault: Error | undefined;
  worker.on('message', events.message);
  worker.on('error', (error) => {
    fault = error;
  });
  worker.on('exit', (code) => events.ended(fault ?? new Error(`its thread ended with code ${code}`)));
  return {
    // A view without its buffer in the list would be copied with all of the memory behind it.
    post: (message) => worker.postMessage(message, message.type === 'audio' ? [message.samples.buffer] : []),
    kill: () => void worker.terminate(),
  };
}

/** For engines that can take their process down. The last line of its standard error is the reason. */
export function processPlace(entry: URL, events: PlaceEvents): Place {
  const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
  const child = fork(fileURLToPath(entry), { serialization: 'advanced', execArgv: [], stdio: [...stdio] });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  child.on('message', (message) => events.message(message as FromDecoder));
  child.on('error', (error) => {
    said += error.message;
  });
  child.on('close', (code, signal) => {
    const line = said.trimEnd().split('\n').at(-1)!.trim();
    events.ended(new Error(`its process ended with ${signal ?? `code ${code}`}${line === '' ? '' : `: ${line}`}`));
  });
  return {
    // It may be gone already; `ended` tells that.
    post: (message) => void child.send(message, () => {}),
    kill: () => void child.kill('SIGKILL'),
  };
}
