import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { startWhipServer, type WhipServer } from '../src/whip/endpoint/whip-server.ts';
import { until } from './until.ts';

const HZ = 440;
const token = 'secret';
/** Debian's own, which knows Debian's packages. */
const PYTHON = '/usr/bin/python3';
/** A stretch of 100 ms. */
const STRETCH = 4_800;

let rooms: RoomServer;
let endpoint: WhipServer;
let client: ChildProcess | undefined;
beforeEach(async () => {
  rooms = await startRoomServer({ tokens: (given) => (given === token ? {} : null) });
  Daily.init();
  endpoint = await startWhipServer({ roomUrl: rooms.roomUrl });
});
afterEach(async () => {
  client?.kill('SIGKILL');
  await endpoint.close();
  await Daily.deinit();
  await rooms.close();
});

/** Counts the stretches in which a room is heard to have the tone and nothing else. */
async function listen(url: string) {
  const ear = new CallClient();
  const stretch: number[] = [];
  let clean = 0;
  ear.on('participant-joined', ({ participant }) =>
    ear.setAudioRenderer(
      participant.id,
      (_, frame) => {
        stretch.push(...frame.samples);
        frame.close();
        if (stretch.length < STRETCH) return;
        const { frequency, snr } = measureTone(Int16Array.from(stretch.splice(0, STRETCH)), 48_000, HZ);
        if (snr > 20 && Math.abs(frequency - HZ) < 2) clean++;
      },
      { sampleRate: 48_000 },
    ),
  );
  await ear.join(url, { token });
  return { clean: () => clean, close: () => ear.release() };
}

/** Where it is not installed the test is skipped and says so; under CI it runs and fails. */
const isThere = existsSync('/usr/lib/python3/dist-packages/aiortc');
const withClient = isThere || process.env.CI === 'true' ? describe : describe.skip;
const missing = isThere ? '' : ' (not here: scripts/install-test-tools.sh installs it)';

withClient(`aiortc${missing}`, () => {
  test('publishes a tone that a room hears, and is gone by DELETE', async () => {
    const ear = await listen(rooms.roomUrl('stage'));
    const program = join(import.meta.dirname, 'peers', 'aiortc-whip.py');
    client = spawn(PYTHON, [program, endpoint.whipUrl('stage'), token, String(HZ)], { stdio: 'pipe' });
    let said = '';
    for (const out of [client.stdout!, client.stderr!]) out.on('data', (text) => (said += text));
    const ended = once(client, 'exit');
    await until(() => ear.clean() >= 5 || client!.exitCode !== null, 30_000);
    expect(client.exitCode, said).toBeNull();
    expect(endpoint.sessions).toBe(1);
    client.stdin!.end();
    await ended;
    expect(said).toContain('ended 200');
    expect(endpoint.sessions).toBe(0);
    await ear.close();
  });
});
