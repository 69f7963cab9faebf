import { equalizerBandTypes } from '../kernels/equalizer-band.ts';

const type = { enum: equalizerBandTypes, description: 'What it does to the sound.' };
const properties = {
  frequency: { type: 'number', minimum: 1, maximum: 384_000, description: 'Its centre or corner, in Hz.' },
  db: { type: 'number', minimum: -40, maximum: 40, description: 'By how much it raises, in dB.' },
  q: { type: 'number', minimum: 0.05, maximum: 50, description: 'The higher, the narrower or steeper.' },
};

/** Messages that an equalizer takes. */
export const equalizerControls = {
  'set-band': {
    description:
      'Moves one band, without a click; what is not given stays as it is. The number behind the last adds one.',
    schema: {
      type: 'object',
      properties: {
        index: { type: 'integer', minimum: 0, description: 'The first is 0.' },
        // `type` is that of the message.
        band: type,
        ...properties,
      },
      required: ['index'],
    },
  },
  'set-bands': {
    description: 'Moves to other bands, without a click.',
    schema: {
      type: 'object',
      properties: {
        bands: {
          type: 'array',
          items: { type: 'object', properties: { type, ...properties }, required: ['type', 'frequency'] },
          description: 'All of them: [{ "type": "peaking", "frequency": 3000, "db": 4 }].',
        },
      },
      required: ['bands'],
    },
  },
};
