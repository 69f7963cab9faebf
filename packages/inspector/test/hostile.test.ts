import type { Socket } from 'node:net';
import { type Graph, graph, graphChannel } from '@sluice/core';
import { fromTone, gain, toNull } from '@sluice/nodes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Inspector, inspectLimits, inspector } from '../src/index.ts';
import { Looker } from './looker.ts';

let bot: Graph;
let open: Inspector;
const lookers: Looker[] = [];

async function look(): Promise<Looker> {
  const looker = await Looker.open(open, { changes: true });
  lookers.push(looker);
  return looker;
}

beforeEach(async () => {
  bot = graph('bot');
  bot
    .from(fromTone({ live: true }))
    .pipe(gain())
    .to(toNull());
  open = await inspector(bot, { media: true, runFile: false });
});
afterEach(async () => {
  for (const looker of lookers.splice(0)) looker.close();
  await open.close();
  bot.abort();
  await bot.finished.catch(() => {});
});

/** Fills what is kept for those who come late with the longest texts that are told. */
function fillEvents(): void {
  for (let count = 0; count < inspectLimits.events; count++)
    graphChannel.publish({ graph: 'bot', status: `${count} ${'x'.repeat(9_000)}` });
}

/** The connection below a WebSocket, whose reading can be held. */
const socketOf = ({ ws }: Looker) => (ws as unknown as { readonly _socket: Socket })._socket;

describe('a socket', () => {
  it('that is never read is cut off before much waits for it', async () => {
    fillEvents();
    const looker = await look();
    await looker.until(() => looker.messages.length > inspectLimits.events);
    const { length } = looker.messages;
    socketOf(looker).pause();
    // A megabyte each, of which the system holds some.
    for (let count = 0; count < 45; count++) looker.ask({ type: 'history' });
    const other = await look();
    // What it asked for has been told, or has not, once somebody else was answered behind it.
    other.ask({ type: 'unscope', id: 1 });
    await other.next('sample');
    const closed = looker.closed();
    socketOf(looker).resume();
    expect(await closed).toBe(1_006);
    expect(looker.messages.length - length).toBeLessThan(45 * inspectLimits.events);
  });

  it('that shows no token is closed at its first word, and told nothing', async () => {
    for (const first of ['nonsense', '{"type":"history"}', '[]', `{"type":"open","token":"${'x'.repeat(2_000)}"}`]) {
      const looker = new Looker(open.port);
      looker.ws.once('open', () => looker.ws.send(first));
      expect(await looker.closed()).toBe(4_401);
      expect(looker.messages).toEqual([]);
    }
  });

  it('that asks for too much is refused, and closed where it goes on all the same', async () => {
    const looker = await look();
    const most = inspectLimits.requestsPerSecond;
    // However long it takes here, it is one second.
    const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
    for (let id = 1; id <= 6 * most; id++) looker.ask({ type: 'unscope', id });
    expect(await looker.closed()).toBe(4_429);
    now.mockRestore();
    const refused = looker.messages.filter((one) => one.type === 'refused');
    expect(refused).toHaveLength(3 * most);
    // Who only goes through a graph in haste knows which of its requests were in vain.
    expect(refused[0]!.id! - most).toBeLessThanOrEqual(1);
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['SLUICE_INSPECTOR_DENIED']));
  });

  it('is ended by what is longer than any request', async () => {
    const looker = await look();
    looker.ws.send(JSON.stringify({ type: 'history', more: 'x'.repeat(inspectLimits.requestBytes) }));
    expect(await looker.closed()).toBe(1_009);
  });
});

describe('a graph', () => {
  it('that cannot write its figures is shown all the same, and says why', async () => {
    const circle: { me?: object } = {};
    circle.me = circle;
    bot.figures('circle', () => circle);
    bot.figures('big', () => ({ frames: 1n }));
    bot.figures('fine', () => ({ frames: 1 }));
    const looker = await look();
    const { graphs } = await looker.next('sample');
    expect(graphs[0]!.figures).toEqual({
      circle: { error: expect.stringMatching(/circular/) },
      big: { error: expect.stringMatching(/BigInt/) },
      fine: { frames: 1 },
    });
  });

  it('whose faults are books is told of in so many words', async () => {
    fillEvents();
    const looker = await look();
    const { text } = await looker.next('event', ({ kind }) => kind === 'status');
    expect(text).toHaveLength(2_000);
    expect(text).toMatch(/…$/);
  });

  it('is not looked at while nobody sees it, and whole again once somebody does', async () => {
    const [looker, other] = [await look(), await look()];
    await Promise.all([looker.next('sample'), other.next('sample')]);
    for (const one of [looker, other]) one.ask({ type: 'pause-page', paused: true });
    for (const one of [looker, other]) {
      // An answer comes behind what was asked before it.
      one.ask({ type: 'scope', id: 1, graph: 1, link: 'nowhere', kinds: ['peaks'] });
      await one.next('refused');
    }
    const inspect = vi.spyOn(bot, 'inspect');
    const later = new Promise((resolve) => setTimeout(resolve, 4 * inspectLimits.sampleMs));
    await later;
    expect(inspect).not.toHaveBeenCalled();
    const { length } = other.messages;
    other.ask({ type: 'pause-page', paused: false });
    await other.until(() => other.messages.slice(length).some(({ type }) => type === 'sample' || type === 'change'));
    expect(inspect).toHaveBeenCalled();
  });
});
