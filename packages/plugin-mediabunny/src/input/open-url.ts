import { containerError } from '../errors.ts';
import { type ContainerBytes, seekableBytes } from './container-bytes.ts';
import { openBytes } from './open-bytes.ts';
import { openStream } from './open-stream.ts';

/** What the first request asks for: the heads of most containers. */
const HEAD_BYTES = 65_536;

/** Reads by range what a server has; from a server that gives no ranges, from its front. */
export async function openUrl(url: string, name: string): Promise<ContainerBytes> {
  const leaving = new AbortController();
  const ask = async (start: number, end: number) => {
    // Bytes of a compressed answer would be others.
    const headers = { range: `bytes=${start}-${end - 1}`, 'accept-encoding': 'identity' };
    try {
      return await fetch(url, { headers, signal: leaving.signal });
    } catch (cause) {
      throw unreachable(name, cause);
    }
  };
  const first = await ask(0, HEAD_BYTES);
  if (first.status === 416) return await openBytes(new Uint8Array(0));
  if (!first.ok || first.body === null) throw refused(name, first);
  const size = sizeOf(first);
  if (size === undefined) return await openStream(first.body, name);
  const head = await bytesOf(first, name);

  const read = async (start: number, end: number) => {
    if (end <= head.length) return head.subarray(start, end);
    const answer = await ask(start, end);
    if (answer.status !== 206 || sizeOf(answer) !== size) throw refused(name, answer);
    const bytes = await bytesOf(answer, name);
    if (bytes.length === end - start) return bytes;
    throw containerError('SLUICE_CONTAINER_READ', `${name} gave another part than was asked for`, {
      expected: `${end - start} bytes`,
      received: bytes.length,
    });
  };
  return await seekableBytes(size, read, 'network', () => leaving.abort());
}

/** Of the whole file, where this is a part of it. */
function sizeOf(answer: Response): number | undefined {
  const total = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '')?.[1];
  return answer.status === 206 && total !== undefined ? Number(total) : undefined;
}

async function bytesOf(answer: Response, name: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await answer.arrayBuffer());
  } catch (cause) {
    throw unreachable(name, cause);
  }
}

function unreachable(name: string, cause: unknown): Error {
  return containerError('SLUICE_CONTAINER_READ', `${name} cannot be reached`, {
    fix: 'Check the address and the network',
    cause,
  });
}

function refused(name: string, answer: Response): Error {
  answer.body?.cancel().catch(() => {});
  return containerError('SLUICE_CONTAINER_READ', `${name} is not given out`, {
    expected: 'the same file at each request, with status 200 or 206',
    received: `status ${answer.status}, content-range ${answer.headers.get('content-range')}`,
  });
}
