import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const loader = fileURLToPath(new URL('peers/ts-loader.mjs', import.meta.url));

interface Outcome {
  /** Null for a program that had to be killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a program that has said what it was waited for may say more, in milliseconds. */
const AFTERWARDS_MS = 2_000;

/** Runs a program of a user to its end, until `told` stands in its standard error, or for at most so many milliseconds. */
function run(program: string, limitMs = 30_000, told?: string): Promise<Outcome> {
  const text = `import { CallClient, Daily, startRoomServer } from '@sluice/transport';\n${program}`;
  const args = ['--import', loader, '--input-type=module', '-e', text];
  const options = {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    timeout: limitMs,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode, stdout, stderr }),
    );
    let said = '';
    child.stderr!.on('data', (text) => {
      if (told === undefined || said.includes(told)) return;
      said += text;
      if (said.includes(told)) setTimeout(() => child.kill('SIGKILL'), AFTERWARDS_MS);
    });
  });
}

const joined = `
const server = await startRoomServer();
const url = server.roomUrl('programs');
const inputs = { microphone: { isEnabled: true, settings: { deviceId: 'mic' } } };
Daily.init({ mediaHost });
Daily.createMicrophoneDevice('mic');
const ada = new CallClient();
await ada.join(url, { clientSettings: { inputs } });
`;

describe.each(['child', 'in-process'])('Daily.deinit, media host %s', (mediaHost) => {
  const program = `const mediaHost = '${mediaHost}';${joined}`;

  test('leaves the calls that clients are still in, and the program ends', async () => {
    const { status, stdout, stderr } = await run(`${program}
const there = new CallClient();
await there.join(url);
const told = [];
ada.on('call-state-updated', ({ state }) => told.push(state));
ada.on('error', ({ error }) => told.push(error.code));
await Promise.all([Daily.deinit(), Daily.deinit()]);
console.log(told.join(), ada.callState, there.callState);
await Daily.deinit();
Daily.init({ mediaHost });
await Daily.deinit();
await server.close();
`);
    expect([stdout.trim(), stderr, status]).toEqual(['leaving,left left left', '', 0]);
  });

  test('is missed by a program that forgot it, which is told so once', async () => {
    const { stderr } = await run(`${program}\nawait ada.leave();\nawait server.close();\n`, 40_000, 'SLUICE_HOST_IDLE');
    expect(stderr.split('SLUICE_HOST_IDLE')).toHaveLength(2);
    expect(stderr).toContain('Call Daily.deinit() when it is done');
  });
});

test.each([
  [
    'child',
    'in mid-join',
    'const there = new CallClient(); there.join(url).catch(() => {}); setImmediate(() => process.exit(0));',
  ],
  [
    'in-process',
    'in a call, in mid-write and with questions that are not answered',
    `ada.sendAppMessage('x').catch(() => {}); mic.writeFrames(new Int16Array(48_000)).catch(() => {});
ada.leave().catch(() => {}); ada.release().catch(() => {}); setTimeout(() => process.exit(0), 20);`,
  ],
])('a program that exits just ends, media host %s, %s', async (mediaHost, _, ending) => {
  const begin = `const mediaHost = '${mediaHost}';${joined}`.replace('Daily.createMic', 'const mic = Daily.createMic');
  const { status, stdout, stderr } = await run(`${begin}\nconsole.log('joined');\n${ending}`);
  expect([stdout.trim(), stderr, status]).toEqual(['joined', '', 0]);
});

test('a program that waits for something else is not told that it forgot Daily.deinit()', async () => {
  const { stderr } = await run(`const mediaHost = 'child';${joined}await ada.leave();\n`, 8_000);
  expect(stderr).toBe('');
});

describe('a failure that nobody awaits', () => {
  const client = `Daily.init(); const client = new CallClient();\n`;

  test.each([
    ['join', `client.join('http://127.0.0.1:9/room')`, 'SLUICE_JOIN_UNREACHABLE'],
    [
      'updateInputs',
      `client.updateInputs({ microphone: { settings: { deviceId: 'nobody' } } })`,
      'SLUICE_DEVICE_UNKNOWN',
    ],
    ['addCustomAudioTrack', `client.addCustomAudioTrack('music', { id: 'none' })`, 'SLUICE_DEVICE_UNKNOWN'],
    ['release', `await client.release(); client.leave()`, 'SLUICE_CALL_RELEASED'],
  ])('of %s is an unhandled rejection', async (_, call, code) => {
    const { status, stderr } = await run(`${client}${call};`);
    expect(stderr).toContain(code);
    expect(status).toBe(1);
  });

  test('is none when it is told to a completion', async () => {
    const { status, stdout, stderr } = await run(
      `${client}client.join('http://127.0.0.1:9/room', {}, (_, error) => { console.log(error.code); void Daily.deinit(); });`,
    );
    expect([stdout.trim(), stderr, status]).toEqual(['SLUICE_JOIN_UNREACHABLE', '', 0]);
  });
});
