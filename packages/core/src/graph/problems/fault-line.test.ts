import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { faultLine } from './fault-line.ts';

const here = (path: string) => join(process.cwd(), path);
const thrown = (frames: readonly string[], options?: ErrorOptions) => {
  const error = new Error('no', options);
  error.stack = ['Error: no (at home)', ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
};

describe('the line of a fault', () => {
  it('is the first that is neither ours, nor of a library, nor of Node', () => {
    const frames = [
      'node:internal/process/task_queues:95:5',
      `Decoder.decode (${here('node_modules/opus/index.js')}:9:1)`,
      `SafeSubscriber.next (${pathToFileURL(here('packages/core/src/operators/operator.ts'))}:80:7)`,
      `async Object.onFrame (${pathToFileURL(here('my bot/filter (old).ts'))}:33:11)`,
      `${here('main.ts')}:3:1`,
    ];
    expect(faultLine(thrown(frames))).toBe('my bot/filter (old).ts:33');
    expect(faultLine(thrown(frames.slice(0, 3)))).toBeUndefined();
    expect(faultLine(thrown(['async file:///elsewhere/bot.ts:7:1']))).toBe('/elsewhere/bot.ts:7');
  });

  it('is that of what it came from, where that has one', () => {
    const cause = thrown([`${here('deep.ts')}:1:1`]);
    const caught = (by: Error) => thrown([`${here('caught.ts')}:2:1`], { cause: by });
    expect(faultLine(caught(cause))).toBe('deep.ts:1');
    expect(faultLine(caught(thrown([])))).toBe('caught.ts:2');
  });

  it('is none of a stack that somebody made up', () => {
    expect(faultLine(thrown(['file://%zz:1:1']))).toBeUndefined();
    expect(faultLine(Object.assign(new Error('no'), { stack: undefined }))).toBeUndefined();
    const circle = thrown([]);
    circle.cause = circle;
    expect(faultLine(circle)).toBeUndefined();
  });
});
