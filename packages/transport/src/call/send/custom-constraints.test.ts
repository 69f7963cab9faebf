import { expect, test } from 'vitest';
import { type InputSettingsUpdate, initialInputs, updatedInputs } from './inputs.ts';

const microphone = (customConstraints: Record<string, unknown>) =>
  updatedInputs(initialInputs, { microphone: { settings: { customConstraints } } });
const camera = (customConstraints: Record<string, unknown>) =>
  updatedInputs(initialInputs, { camera: { settings: { customConstraints } } });

test('wishes are kept and given back, and processing may be demanded to be off', () => {
  const wishes = {
    echoCancellation: true,
    noiseSuppression: { ideal: true },
    autoGainControl: { exact: false },
    sampleRate: 48_000,
  };
  expect(microphone(wishes).microphone.settings.customConstraints).toEqual(wishes);
  const sizes = { width: { ideal: 640 }, facingMode: 'user', frameRate: 10 };
  expect(camera(sizes).camera.settings.customConstraints).toEqual(sizes);
});

test.each([
  ['echoCancellation', /microphone\.settings\.customConstraints\.echoCancellation\.exact.*loudspeaker/],
  ['noiseSuppression', /noiseSuppression\.exact.*rnnoise/],
  ['autoGainControl', /autoGainControl\.exact.*gain\(\)/],
  ['sampleRate', /sampleRate\.exact.*made with/],
  ['deviceId', /deviceId\.exact.*settings\.deviceId/],
])('a demand on %s is refused by name, with what to do', (name, rule) => {
  expect(() => microphone({ [name]: { exact: true } })).toThrow(TypeError);
  expect(() => microphone({ [name]: { exact: true } })).toThrow(rule);
});

test('what is none of them is refused, and so is what a picture has and a sound has not', () => {
  expect(() => microphone({ width: 640 })).toThrow(/customConstraints\.width.*sampleRate/);
  expect(() => microphone({ noiseSuppression: { wish: true } })).toThrow(/noiseSuppression\.wish.*ideal/);
  expect(() => microphone({ noiseSuppression: null })).toThrow(/noiseSuppression.*null/);
  expect(() => camera({ width: { min: 640 } })).toThrow(/width\.min.*made with/);
  expect(() => camera({ frameRate: { max: 5 } })).toThrow(/frameRate\.max.*settings\.frameRate/);
  const screenAudio = { settings: { customConstraints: { autoGainControl: { exact: true } } } };
  expect(() => updatedInputs(initialInputs, { screenAudio } as InputSettingsUpdate)).toThrow(/screenAudio.*exact/);
});
