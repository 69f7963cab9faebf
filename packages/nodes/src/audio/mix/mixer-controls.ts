/** Messages that a mixer takes, as a source and as a node. */
export const mixerControls = {
  'set-gain': {
    description: 'Moves an input to another gain, without a click.',
    schema: {
      type: 'object',
      properties: {
        input: { type: 'string', description: 'Its name.' },
        db: { type: 'number', maximum: 60, description: 'Decibels.' },
        rampMs: { type: 'number', minimum: 0, description: 'How long it takes, in milliseconds.' },
      },
      required: ['input', 'db'],
    },
  },
};
