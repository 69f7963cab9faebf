/** Messages that a compositor takes, as a source and as a node. */
export const compositorControls = {
  'set-layout': {
    description: 'Lays the pictures out in another way: `layout` as in the options.',
    schema: { type: 'object', properties: { layout: {} }, required: ['layout'] },
  },
  'set-place': {
    description: 'Moves an input, or shows it in another way; what is not given stays.',
    schema: {
      type: 'object',
      properties: {
        input: { type: 'string', description: 'Its name.' },
        x: { type: 'number' },
        y: { type: 'number' },
        width: { type: 'number' },
        height: { type: 'number' },
        z: { type: 'number', description: 'Above those with less.' },
        opacity: { type: 'number', minimum: 0, maximum: 1 },
        visible: { type: 'boolean' },
        fit: { type: 'string' },
      },
      required: ['input'],
    },
  },
};
