import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isVoiceModel } from '@sluice/core/voice';
import { sherpaRecognizer } from '@sluice/plugin-sherpa-onnx';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'sluice-sherpa-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const none = file('none.onnx', 'this is no model');
const tokens = file('tokens.txt', '<blk> 0\na 1\n');

it.each([
  ['a transducer', { encoder: none, decoder: none, joiner: none, tokens }],
  ['a CTC model', { zipformer2Ctc: none, tokens }],
])('refuses files of %s that are none before the engine sees them, and says so', async (_what, model) => {
  const error = await sherpaRecognizer({ model })
    .open()
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'SLUICE_VOICE_MODEL', category: 'give-up', model: 'sherpa-onnx' });
  expect(String(error)).toMatch(/none\.onnx is no ONNX file/);
});

it('names a file that is missing', async () => {
  const model = { zipformer2Ctc: join(folder, 'absent.onnx'), tokens };
  const error = await sherpaRecognizer({ model })
    .open()
    .catch((reason: unknown) => reason);
  expect(error).toMatchObject({ category: 'give-up' });
  expect(String(error)).toMatch(/there is no file .*absent\.onnx/);
});

it('refuses options and settings that are none, at once', async () => {
  const model = { zipformer2Ctc: none, tokens };
  expect(isVoiceModel(sherpaRecognizer({ model }), 'recognizer')).toBe(true);
  const wrong = [{}, { model: {} }, { model: { ...model, encoder: none } }, { model: { ...model, tokens: 1 } }];
  for (const options of wrong) expect(() => sherpaRecognizer(options as never)).toThrow(TypeError);
  expect(() => sherpaRecognizer({ model, threds: 2 } as never)).toThrow(/did you mean threads/);
  for (const options of [{ threads: 0 }, { threads: 1.5 }, { latencyMs: -1 }])
    expect(() => sherpaRecognizer({ model, ...options })).toThrow(RangeError);
  await expect(sherpaRecognizer({ model }).open({ settings: { a: 1 } as never })).rejects.toThrow(TypeError);
});
