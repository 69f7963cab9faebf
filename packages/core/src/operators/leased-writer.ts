import type { Frame } from '../media/frame.ts';
import type { SinkWriter } from './sink-writer.ts';

/** Gives back what a sink needed while it was open. `reason`: why the stream broke; undefined where it ended in order. */
export type SinkLease = (reason?: Error) => void;

/** The writer, which gives a lease back when it is done or has given up. */
export function leasedWriter<F extends Frame, R>(lease: SinkLease, writer: SinkWriter<F, R>): SinkWriter<F, R> {
  const end = writer.end.bind(writer);
  const abort = writer.abort?.bind(writer);
  writer.end = async () => {
    try {
      return await end();
    } finally {
      lease();
    }
  };
  writer.abort = async (reason) => {
    try {
      await abort?.(reason);
    } finally {
      lease(reason);
    }
  };
  return writer;
}
