import { realClock } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { eventsOf, requestService, type ServiceRequest } from '@sluice/service';
import { type LocalFault, startService } from '@sluice/service/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const TEXT = 'Grüße, 世界! 🌊';
const identity = { model: 'model', service: 'Example', secrets: ['key'] };

type Local = Awaited<ReturnType<typeof startService>>;
let service: Local;
beforeAll(async () => {
  service = await startService({
    requests: {
      'POST /events': async (request) => {
        request.begin('text/event-stream');
        await request.write(': a comment\r\n\r\nevent: greeting\r\nodd: field\r\n');
        await request.write(`data: ${JSON.stringify({ text: TEXT })}\r\n\r\n`);
        await request.write('data: one\ndata: two\n\ndata: cut');
        await request.end();
      },
      'POST /echo': async (request) => {
        request.begin('text/plain');
        await request.write(request.body);
        await request.end();
      },
      'POST /drip': async (request) => {
        request.begin('text/plain', 500);
        while (!request.cancelled) {
          await request.write('x');
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
      'POST /moved': async (request) => request.reply({}, 307),
    },
  });
});
afterAll(() => service.close());

interface Asked extends Partial<ServiceRequest> {
  readonly signal?: AbortSignal;
}
const ask = (path: string, fault: LocalFault | readonly LocalFault[], { signal, ...more }: Asked = {}) => {
  service.fail(...(Array.isArray(fault) ? fault : [fault]));
  const context = { clock: realClock, signal: signal ?? new AbortController().signal, random: () => 0 };
  return requestService(context, { identity, url: `${service.url}${path}`, body: 'hello', retries: 0, ...more });
};
const fault = async (asked: Promise<unknown>) =>
  asked.then(
    () => 'nothing',
    (error: unknown) => error,
  );
const received = () => service.requests.length;

describe('requestService', () => {
  it('gives the answer in pieces', async () => {
    const response = await ask('/echo', { type: 'none' });
    expect(await response.text()).toBe('hello');
  });

  it.each([
    ['refuse', { type: 'refuse' }, 'retry', /request failed/],
    ['401', { type: 'status', status: 401, body: { error: { message: 'bad key' } } }, 'give-up', /`apiKey`/],
    ['429', { type: 'status', status: 429, headers: { 'retry-after': '30' } }, 'wait', /429/],
    ['slow', { type: 'slow', firstByteMs: 5_000 }, 'retry', /within 60 ms/],
    ['stall before a byte', { type: 'stall', afterBytes: 0 }, 'retry', /within 60 ms/],
    ['cut before a byte', { type: 'cut', afterBytes: 0 }, 'retry', /middle of an answer/],
  ] as const)('says what helps: %s', async (_, what, category, message) => {
    const error = await fault(ask('/echo', what, { firstByteMs: 60 }));
    expect(error).toMatchObject({ category, message: expect.stringMatching(message) });
    if (what.type === 'status' && what.status === 429) expect(error).toMatchObject({ retryAfterMs: 30_000 });
  });

  it.each([
    ['stall', { type: 'stall', afterBytes: 2 }, 'retry', /within 60 ms/],
    ['cut', { type: 'cut', afterBytes: 2 }, 'retry', /middle of an answer/],
    ['flood', { type: 'flood', bytes: 1_000_000 }, 'fall-back', /longer than 1000 bytes/],
  ] as const)('says what helps in mid-body: %s', async (_, what, category, message) => {
    const reading = ask('/echo', what, { silenceMs: 60, mostBytes: 1_000 }).then((response) => response.text());
    expect(await fault(reading)).toMatchObject({ category, message: expect.stringMatching(message) });
  });

  it('does not wait for the end of what a refusal says', async () => {
    const error = await fault(ask('/drip', { type: 'none' }));
    expect(error).toMatchObject({ category: 'retry', message: expect.stringMatching(/500/) });
  });

  it('tries again, as often as it may, while nothing was given on', async () => {
    const broken = { type: 'status', status: 500 } as const;
    const before = received();
    const response = await ask('/echo', [broken, { type: 'refuse' }], { retries: 2 });
    expect(await response.text()).toBe('hello');
    expect(received() - before).toBe(3);
    expect(await fault(ask('/echo', [broken, broken], { retries: 1 }))).toMatchObject({ category: 'retry' });
    expect(received() - before).toBe(5);
  });

  it('waits as long as it is asked to, if that is short', async () => {
    const wait = (ms: string) => ({ type: 'status', status: 429, headers: { 'retry-after-ms': ms } }) as const;
    const before = received();
    const response = await ask('/echo', wait('20'), { retries: 1 });
    await response.text();
    expect(await fault(ask('/echo', wait('2000'), { retries: 1 }))).toMatchObject({
      category: 'wait',
      retryAfterMs: 2_000,
    });
    expect(received() - before).toBe(3);
  });

  it('gives up at once where trying again cannot help', async () => {
    const before = received();
    expect(await fault(ask('/nowhere', { type: 'none' }, { retries: 2 }))).toMatchObject({ category: 'give-up' });
    expect(await fault(ask('/moved', { type: 'none' }, { retries: 2 }))).toMatchObject({ category: 'give-up' });
    expect(await fault(ask('/echo', [], { retries: 2, headers: { authorization: 'a\nkey' } }))).toMatchObject({
      category: 'give-up',
      message: expect.not.stringContaining('key'),
    });
    expect(received() - before).toBe(2);
  });

  it('ends the connection when it is aborted, and when reading stops', async () => {
    const abort = new AbortController();
    const response = await ask('/echo', { type: 'stall', afterBytes: 2 }, { signal: abort.signal });
    const reading = fault(response.text());
    abort.abort(new Error('enough'));
    expect(await reading).toMatchObject({ message: 'enough' });
    const stalled = await ask('/echo', { type: 'stall', afterBytes: 2 });
    for await (const piece of stalled) if (piece.length > 0) break;
    const [first, second] = service.requests.slice(-2);
    await expect.poll(() => [first?.cancelled, second?.cancelled]).toEqual([true, true]);
  });

  it('holds a virtual clock, and is bounded by the machine then', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    service.fail({ type: 'slow', firstByteMs: 50 }, { type: 'stall', afterBytes: 0 });
    const url = `${service.url}/echo`;
    const asked = requestService({ clock, signal }, { identity, url, body: 'x', retries: 0 });
    expect(await clock.run({ until: asked })).toBe(0);
    await (await asked).text();
    const late = fault(requestService({ clock, signal }, { identity, url, body: 'x', retries: 0, firstByteMs: 80 }));
    expect(await clock.run({ until: late })).toBe(0);
    expect(await late).toMatchObject({ category: 'retry' });
    expect(clock.timers).toBe(0);
  });
});

describe('eventsOf', () => {
  const all = async (what: LocalFault, mostLength = 10_000) => {
    const events: unknown[] = [];
    for await (const event of eventsOf(await ask('/events', what), { mostLength })) events.push(event);
    return events;
  };
  const events = [{ event: 'greeting', data: JSON.stringify({ text: TEXT }) }, { data: 'one\ntwo' }];

  it.each([1, 2, 3, 7, 1_000])('reads events in pieces of %i bytes', async (bytes) => {
    expect(await all({ type: 'pieces', bytes })).toEqual(events);
  });

  it('passes unknown ones on', async () => {
    const text = 'event: unknown\ndata: {}\n\n';
    expect(await all({ type: 'insert', text })).toEqual([{ event: 'unknown', data: '{}' }, ...events]);
  });

  it('takes no event without end', async () => {
    expect(await fault(all({ type: 'flood', bytes: 200_000 }))).toMatchObject({
      category: 'fall-back',
      message: expect.stringMatching(/longer than 10000/),
    });
  });
});
