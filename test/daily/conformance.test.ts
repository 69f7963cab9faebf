import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeRecognizer } from '@sluice/core/voice';
import { roomRecorder, roomTranscriber } from '@sluice/recorder';
import { startRoomServer } from '@sluice/transport';
import { expect, test } from 'vitest';
import { inJanus } from './in-janus.ts';
import { names } from './names.ts';
import { compatibilityPage, pythonPage } from './pages.ts';
import { rowsHold } from './rows-hold.ts';
import { sections } from './sections.ts';
import type { DailyRooms } from './world.ts';

rowsHold('embedded', embeddedRooms);

test('each row stands once', () => {
  const names = sections.flatMap(({ rows }) => rows.map(({ daily }) => daily));
  expect(new Set(names).size).toBe(names.length);
});

test('what is missing in rooms of Janus are rows', () => {
  const rows = sections.flatMap(({ rows }) => rows.map(({ daily }) => daily));
  expect([...inJanus.keys()].filter((name) => !rows.includes(name))).toEqual([]);
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
  await expect(compatibilityPage(sections, inJanus)).toMatchFileSnapshot(docs('daily-compatibility.md'));
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
