/** An ICC profile (version 2.1) of grey light by a power: 1 is as much light as the number says. */
export function greyProfile(gamma: number): Buffer {
  const tags = [
    ['wtpt', xyz(0.9642, 1, 0.8249)],
    ['kTRC', curve(gamma)],
    ['desc', description('grey')],
    ['cprt', Buffer.from('text\0\0\0\0none\0', 'latin1')],
  ] as const;
  const directory = Buffer.alloc(4 + 12 * tags.length);
  directory.writeUInt32BE(tags.length, 0);
  const bodies: Buffer[] = [];
  let at = 128 + directory.length;
  for (const [index, [name, body]] of tags.entries()) {
    directory.write(name, 4 + 12 * index, 'latin1');
    directory.writeUInt32BE(at, 8 + 12 * index);
    directory.writeUInt32BE(body.length, 12 + 12 * index);
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    bodies.push(padded);
    at += padded.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(at, 0);
  header.writeUInt32BE(0x02100000, 8);
  header.write('mntrGRAYXYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  for (const [index, value] of [0.9642, 1, 0.8249].entries()) header.writeInt32BE(fixed(value), 68 + 4 * index);
  return Buffer.concat([header, directory, ...bodies]);
}

function fixed(value: number): number {
  return Math.round(value * 65_536);
}

function xyz(...values: number[]): Buffer {
  const body = Buffer.alloc(8 + 4 * values.length);
  body.write('XYZ ', 0, 'latin1');
  for (const [index, value] of values.entries()) body.writeInt32BE(fixed(value), 8 + 4 * index);
  return body;
}

function curve(gamma: number): Buffer {
  const body = Buffer.alloc(14);
  body.write('curv', 0, 'latin1');
  body.writeUInt32BE(1, 8);
  body.writeUInt16BE(Math.round(gamma * 256), 12);
  return body;
}

function description(text: string): Buffer {
  const body = Buffer.alloc(12 + text.length + 1 + 78);
  body.write('desc', 0, 'latin1');
  body.writeUInt32BE(text.length + 1, 8);
  body.write(text, 12, 'latin1');
  return body;
}
