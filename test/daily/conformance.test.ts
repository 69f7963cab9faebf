import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeRecognizer } from '@sluice/core/voice';
import { roomRecorder, roomTranscriber } from '@sluice/recorder';
import { Daily, startRoomServer } from '@sluice/transport';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { names } from './names.ts';
import { compatibilityPage, pythonPage } from './pages.ts';
import { sections } from './sections.ts';
import { type DailyRooms, World } from './world.ts';

const drivers: Readonly<Record<string, () => Promise<DailyRooms>>> = { embedded: embeddedRooms };

describe.each(Object.entries(drivers))('the Daily SDK, row by row, in %s rooms', (_, start) => {
  let rooms: DailyRooms;
  let world: World;

  beforeAll(async () => {
    rooms = await start();
    Daily.init();
  });
  beforeEach(() => {
    world = new World(rooms);
  });
  afterEach(() => world.close());
  afterAll(async () => {
    await Daily.deinit();
    await rooms.close();
  });

  for (const { title, rows } of sections)
    describe(title, () => {
      for (const { daily, check } of rows) test(daily, () => check(world));
    });
});

test('each row stands once', () => {
  const names = sections.flatMap(({ rows }) => rows.map(({ daily }) => daily));
  expect(new Set(names).size).toBe(names.length);
});

test('no name is missing', () => {
  const words = new Set(sections.flatMap(({ rows }) => rows.flatMap(({ daily }) => daily.split(/[^\w]+/))));
  expect(names.filter((name) => !words.has(name))).toEqual([]);
});

test('what is better says how, and what does not apply says why', () => {
  const silent = sections.flatMap(({ rows }) => rows).filter((row) => row.verdict !== 'same' && row.note === undefined);
  expect(silent).toEqual([]);
});

const docs = (name: string) => new URL(`../../docs/${name}`, import.meta.url).pathname;

test('the pages are made of the rows', async () => {
  await expect(compatibilityPage(sections)).toMatchFileSnapshot(docs('daily-compatibility.md'));
  await expect(pythonPage(sections)).toMatchFileSnapshot(docs('daily-python.md'));
});

async function embeddedRooms(): Promise<DailyRooms> {
  const ownerToken = 'an-owner';
  const folder = mkdtempSync(join(tmpdir(), 'sluice-daily-'));
  const recognizer = fakeRecognizer({ texts: (index) => `sentence number ${index}` });
  const broken = fakeRecognizer({
    texts: () => {
      throw new Error('this model breaks');
    },
  });
  const server = await startRoomServer({
    recorder: roomRecorder({ folder }),
    transcriber: roomTranscriber({
      recognizer: ({ model }) => (model === 'breaks' ? broken : recognizer),
    }),
    tokens: (token) => (token === undefined ? {} : token === ownerToken ? { isOwner: true } : null),
  });
  let count = 0;
  const close = async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: () => server.roomUrl(`daily-${++count}`), ownerToken, close };
}
