import { expect, it } from 'vitest';
import { optionRows } from './option-rows.ts';

it('gives each option with its unit and default, parts of objects by their paths', () => {
  const options = { fadeMs: 20, room: 'studio 4', ducking: { db: -12 }, sampleRate: 16_000, roles: ['a'], atoms: 3 };
  expect(optionRows(options, { fadeMs: 5, 'ducking.db': -12, 'ducking.attackMs': 10 })).toEqual([
    { name: 'fadeMs', value: '20 ms', preset: '5 ms' },
    { name: 'room', value: 'studio 4', preset: undefined },
    { name: 'ducking.db', value: '-12 dB', preset: '-12 dB' },
    { name: 'sampleRate', value: '16000 Hz', preset: undefined },
    { name: 'roles', value: '["a"]', preset: undefined },
    { name: 'atoms', value: '3', preset: undefined },
    { name: 'ducking.attackMs', value: undefined, preset: '10 ms' },
  ]);
  expect(optionRows({}, {})).toEqual([]);
  expect(optionRows('as it is')).toEqual([{ name: 'options', value: 'as it is', preset: undefined }]);
});
