import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const core = fileURLToPath(new URL('../../core/dist/index.js', import.meta.url));

/** A process that copies its input to its output through a graph, and says how that ended. */
const copier = `
  import { graph } from ${JSON.stringify(core)};
  import { fromPcm, toPcm } from ${JSON.stringify(built)};
  const copy = graph('copy');
  const sink = toPcm(process.stdout);
  copy.from(fromPcm(process.stdin, { sampleRate: 16000 })).to(sink);
  copy.run().catch(() => {});
  try {
    const { frames } = await sink.finished;
    console.error('frames ' + frames);
  } catch (error) {
    console.error('error ' + error.code);
  }
`;
const start = () => spawn(process.execPath, ['--input-type=module', '-e', copier], { stdio: 'pipe' });

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function exit(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

it('copies standard input to standard output, every byte, and ends', async () => {
  const child = start();
  const input = Buffer.from(Int16Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 32_768).buffer);
  const [output, said] = [read(child.stdout), read(child.stderr)];
  // Odd pieces, as pipes cut them.
  for (let at = 0; at < input.length; at += 9_999) child.stdin.write(input.subarray(at, at + 9_999));
  child.stdin.end();
  expect((await output).equals(input)).toBe(true);
  expect((await said).toString()).toContain('frames 313');
  expect(await exit(child)).toBe(0);
});

it('ends with a typed error when the reader goes away', async () => {
  const child = start();
  const said = read(child.stderr);
  child.stdin.on('error', () => {});
  child.stdin.write(Buffer.alloc(64_000));
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const feeding = (async () => {
    while (child.exitCode === null && child.stdin.writable) {
      if (!child.stdin.write(Buffer.alloc(64_000)))
        await Promise.race([once(child.stdin, 'drain'), once(child.stdin, 'close'), once(child, 'exit')]);
    }
  })();
  expect((await said).toString()).toContain('error SLUICE_STREAM_CLOSED');
  child.stdin.destroy();
  await exit(child);
  await feeding.catch(() => {});
});
