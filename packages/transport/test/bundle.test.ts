import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const transport = join(import.meta.dirname, '..');
const cache = join(transport, '../../node_modules/.cache');
mkdirSync(cache, { recursive: true });
/** From one the installed packages are seen, from the other nothing is. */
const folders = {
  installed: mkdtempSync(join(cache, 'bundle-')),
  alone: mkdtempSync(join(tmpdir(), 'sluice-bundle-')),
};

const program = `
  import { CallClient, Daily, startRoomServer } from '@sluice/transport';
  const server = await startRoomServer();
  Daily.init();
  const client = new CallClient();
  try {
    Daily.createMicrophoneDevice('mic');
    await client.join(server.roomUrl('bundle'), { clientSettings: { inputs: { microphone: true } } });
    console.log(client.callState);
  } catch (error) {
    console.log(error.code, error.message);
  }
  await client.release();
  await Daily.deinit();
  await server.close();
`;

/** What a program prints that a bundler has put into one file, with the package inside. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, 'app.mjs');
  await build({
    stdin: { contents: program, resolveDir: transport },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@roamhq/wrtc'],
    // CommonJS packages inside ask for it.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  return (await run(process.execPath, [outfile], { cwd: folder, timeout: 30_000 })).stdout;
}

describe('a program in one file', () => {
  afterAll(() => {
    for (const folder of Object.values(folders)) rmSync(folder, { recursive: true });
  });

  it('finds the program of the media host in the installed package', async () => {
    expect(await bundled(folders.installed)).toBe('joined\n');
  });

  it('says what to do where the package is not installed', async () => {
    const said = await bundled(folders.alone);
    expect(said).toContain('SLUICE_HOST_UNAVAILABLE');
    expect(said).toContain('In a bundle leave @sluice/transport and @roamhq/wrtc external');
  });
});
