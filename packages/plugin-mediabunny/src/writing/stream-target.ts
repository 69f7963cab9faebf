import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { containerError } from '../errors.ts';
import type { ByteTarget } from './byte-target.ts';

/** Writes into a stream of Node, as fast as it takes that, and ends it; where the file is not whole it is destroyed. */
export function streamTarget(stream: Writable): ByteTarget {
  const brokeOff = (cause?: unknown) =>
    containerError('SLUICE_CONTAINER_WRITE', 'the stream that the container goes into broke off', { cause });
  let fault: unknown;
  let closed = stream.destroyed || stream.writableEnded;
  let wake = () => {};
  const broken = (error?: unknown) => {
    fault ??= error;
    closed = true;
    wake();
  };
  stream.on('error', broken);
  stream.once('close', () => broken());
  const inTime = async (start: (done: (error?: Error | null) => void) => void) => {
    if (!closed)
      await new Promise<void>((resolve) => {
        wake = resolve;
        // Who waits goes on before the stream tells its error.
        start((error) => (error ? broken(error) : resolve()));
      });
    if (closed && !stream.writableFinished) throw brokeOff(fault);
  };
  return {
    name: 'the stream',
    path: undefined,
    seekable: false,
    begin: async () => {},
    write: (bytes) => inTime((done) => stream.write(bytes, done)),
    end: () => inTime((done) => stream.end(done)),
    abort: async (whole) => {
      if (!whole) stream.destroy();
      else if (!closed) await once(stream.end(), 'finish').catch(() => {});
    },
  };
}
