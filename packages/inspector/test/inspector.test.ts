import { createServer, get } from 'node:http';
import { audioPort, defineNode, type Graph, graph } from '@sluice/core';
import { expectTone } from '@sluice/core/testing';
import { fromTestPattern, fromTone, gain, toNull } from '@sluice/nodes';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  changedSample,
  type Inspector,
  type InspectorOptions,
  inspectLimits,
  inspector,
  listRunFiles,
} from '../src/index.ts';
import { Looker } from './looker.ts';

/** Takes what it gets, and lets its name be changed. */
const listener = defineNode({
  name: 'listener',
  inputs: { in: audioPort() },
  outputs: {},
  create: (_options: object, context) => ({
    onFrame: (_port, frame) => frame.close?.(),
    onControl: ({ type }) => type === 'rename' && context !== undefined,
  }),
});

let bot: Graph;
let open: Inspector;
const lookers: Looker[] = [];

async function start(options: InspectorOptions = {}): Promise<Inspector> {
  await open?.close();
  open = await inspector(bot, { runFile: false, ...options });
  return open;
}

async function look(): Promise<Looker> {
  const looker = await Looker.open(open);
  lookers.push(looker);
  return looker;
}

beforeEach(async () => {
  bot = graph('bot');
  const node = bot.add(listener());
  bot
    .from(fromTone({ live: true, frequency: 440, dBFS: -6 }))
    .pipe(gain({ db: -14 }))
    .to(node.in.in);
  bot.from(fromTone({ live: true, frequency: 1_000, sampleRate: 16_000 })).to(toNull());
  await bot.start();
});
afterEach(async () => {
  for (const looker of lookers.splice(0)) looker.close();
  await open.close();
  bot.abort();
  await bot.finished.catch(() => {});
});

/** Waits until one came that was taken from now on. */
async function nextSample(looker: Looker): Promise<void> {
  const now = Date.now();
  await looker.next('sample', ({ t }) => t > now + 200);
}

const linkTo = (node: string) => bot.inspect().links.find(({ to }) => to === node)!.id;

describe('who looks', () => {
  it('is told who runs, what is there and what happens, and numbers that inspect() has too', async () => {
    await start();
    const looker = await look();
    const hello = await looker.next('hello');
    expect(hello).toMatchObject({ protocol: 'sluice-inspect/1', pid: process.pid, media: false, control: false });
    const { graphs, revision } = await looker.next('topology');
    expect(graphs.map(({ name }) => name)).toEqual(['bot']);
    expect(graphs[0]!.nodes.map(({ id }) => id)).toEqual(bot.inspect().nodes.map(({ id }) => id));
    const late = await looker.next('sample', ({ graphs: [one] }) => one!.links.frames[0]! > 20);
    expect(late.revision).toBeGreaterThanOrEqual(revision);
    const now = bot.inspect();
    for (const [index, link] of now.links.entries()) {
      const frames = late.graphs[0]!.links.frames[index]!;
      expect(frames).toBeGreaterThan(10);
      expect(link.frames - frames).toBeGreaterThanOrEqual(0);
    }
    const heard = await looker.next('sample', ({ graphs: [one] }) => one!.links.level[0] !== null);
    expect(Math.round(heard.graphs[0]!.links.level[0]!)).toBe(-6);
    expect(heard.process.rssMb).toBeGreaterThan(10);
    expect(heard.process.gcMs).toBeGreaterThanOrEqual(0);
  });

  it('hears of changes, and of what happened before it came', async () => {
    await start();
    await bot.interrupt();
    const looker = await look();
    await looker.next('event', ({ kind }) => kind === 'interrupt');
    const { revision } = await looker.next('topology');
    await bot.change((edit) => edit.from(fromTone({ live: true }), { name: 'added' }).to(toNull()));
    const { graphs } = await looker.next('topology', (one) => one.revision > revision);
    expect(graphs[0]!.nodes.map(({ id }) => id)).toContain('added');
    await looker.next('event', ({ kind, node }) => kind === 'state' && node === 'added');
    const before = looker.messages.filter(({ type }) => type === 'event').length;
    looker.ask({ type: 'history' });
    await looker.until(() => looker.messages.filter(({ type }) => type === 'event').length >= 2 * before);
  });

  it('is told only what is another, if it wants that, and everything again behind what it missed', async () => {
    await start();
    const [looker, other] = [await Looker.open(open, { changes: true }), await look()];
    lookers.push(looker);
    // A topology of its own has the formats that came through.
    const change = await looker.next('change');
    let sample = await looker.next('sample', ({ revision }) => revision === change.revision);
    expect(change.graphs[0]).not.toHaveProperty('states');
    const before = looker.messages.filter((one) => one.type === 'change' && one.t <= change.t);
    for (const one of before) if (one.type === 'change') sample = changedSample(sample, one);
    expect(sample.graphs[0]!.states).toEqual(bot.inspect().nodes.map(({ state }) => state));
    looker.ask({ type: 'pause-page', paused: true });
    await nextSample(other);
    await nextSample(other);
    const { length } = looker.messages;
    looker.ask({ type: 'pause-page', paused: false });
    await looker.until(() => looker.messages.length > length);
    expect(looker.messages[length]!.type).toBe('sample');
    expect(other.messages.some(({ type }) => type === 'change')).toBe(false);
  });

  it('hears the tone of a link, to the sample, where sound is allowed', async () => {
    await start({ media: true });
    const looker = await look();
    looker.ask({ type: 'scope', id: 5, graph: 1, link: linkTo('listener'), kinds: ['sound', 'peaks'] });
    await looker.next('done');
    await looker.until(() => looker.packets.filter(({ kind }) => kind === 'sound').length > 12);
    const sound = looker.packets.filter(({ kind }) => kind === 'sound').slice(1, 12);
    const samples = Int16Array.from(
      sound.flatMap(({ payload: { buffer, byteOffset, length } }) => [
        ...new Int16Array(buffer as ArrayBuffer, byteOffset, length / 2),
      ]),
    );
    expectTone(samples, { sampleRate: 48_000, frequency: 440, amplitude: -20, minSnr: 50, continuous: true });
    expect(looker.packets.find(({ kind }) => kind === 'peaks')).toMatchObject({ scope: 5, rate: 100 });
    looker.ask({ type: 'unscope', id: 5 });
    looker.ask({ type: 'scope', id: 6, graph: 1, link: 'nowhere', kinds: ['sound'] });
    expect(await looker.next('refused')).toMatchObject({ id: 6, code: 'SLUICE_LINK_INVALID' });
    await nextSample(looker);
    const { length } = looker.packets;
    await nextSample(looker);
    expect(looker.packets.length).toBe(length);
  });

  it('gives thumbnails beside scopes, a bounded number, and none to who does not see them', async () => {
    await bot.change((edit) => edit.from(fromTestPattern({ live: true }), { name: 'camera' }).to(toNull()));
    await start({ media: true });
    const looker = await look();
    const { id: link } = bot.inspect().links.find(({ from }) => from === 'camera')!;
    const most = inspectLimits.thumbnails;
    for (let id = 1; id <= most + 1; id++) looker.ask({ type: 'scope', id, graph: 1, link, kinds: ['thumbnail'] });
    expect(await looker.next('refused')).toMatchObject({ id: most + 1, code: 'SLUICE_INSPECTOR_DENIED' });
    looker.ask({ type: 'scope', id: 20, graph: 1, link, kinds: ['sound', 'picture'] });
    await looker.until(() => new Set(looker.packets.map(({ scope }) => scope)).size === most + 1);
    for (const { scope, rate, payload } of looker.packets)
      expect([rate, payload.length]).toEqual(scope === 20 ? [320, 320 * 180 * 4] : [160, 160 * 90 * 4]);
    looker.ask({ type: 'pause-page', paused: true });
    const pictures = () => looker.packets.filter(({ scope }) => scope === 20).length;
    const before = pictures();
    await looker.until(() => pictures() >= before + 2);
    const small = looker.packets.filter(({ scope }) => scope !== 20).length;
    await looker.until(() => pictures() >= before + 4);
    expect(looker.packets.filter(({ scope }) => scope !== 20)).toHaveLength(small);
    await start();
    const other = await look();
    other.ask({ type: 'scope', id: 1, graph: 1, link, kinds: ['thumbnail'] });
    expect(await other.next('refused')).toMatchObject({ code: 'SLUICE_INSPECTOR_DENIED' });
  });

  it('follows a frame to where it comes, in the order of its way', async () => {
    await start();
    const looker = await look();
    const [first, second] = bot.inspect().links;
    looker.ask({ type: 'follow', id: 1, graph: 1, link: first!.id });
    const { hops } = await looker.next('followed');
    expect(hops.map(({ link }) => link)).toEqual([first!.id, second!.id]);
    expect(hops[0]!.afterMs).toBe(0);
    expect(hops[1]!.afterMs).toBeGreaterThanOrEqual(0);
    looker.ask({ type: 'follow', id: 2, graph: 1, link: 'nowhere' });
    expect(await looker.next('refused', ({ id }) => id === 2)).toMatchObject({ code: 'SLUICE_LINK_INVALID' });
  });

  it('sends messages to nodes, where that is allowed', async () => {
    await start({ allowControl: true });
    const looker = await look();
    const send = (id: number, node: string, type: string) =>
      looker.ask({ type: 'send', id, graph: 1, node, message: { type } });
    send(1, 'listener', 'rename');
    expect(await looker.next('done')).toEqual({ type: 'done', id: 1 });
    send(2, 'listener', 'unheard-of');
    expect(await looker.next('refused', ({ id }) => id === 2)).toMatchObject({ code: 'SLUICE_NODE_CONTROL' });
    looker.ask({ type: 'send', id: 3, graph: 9, node: 'listener', message: { type: 'rename' } });
    expect(await looker.next('refused', ({ id }) => id === 3)).toMatchObject({ code: 'SLUICE_INSPECTOR_UNKNOWN' });
  });

  it('may neither hear nor send where it is not, nor ask for too much', async () => {
    await start();
    const looker = await look();
    looker.ask({ type: 'scope', id: 1, graph: 1, link: linkTo('listener'), kinds: ['sound'] });
    looker.ask({ type: 'send', id: 2, graph: 1, node: 'listener', message: { type: 'rename' } });
    for (const id of [1, 2])
      expect(await looker.next('refused', (one) => one.id === id)).toMatchObject({ code: 'SLUICE_INSPECTOR_DENIED' });
    for (let id = 11; id < 16; id++)
      looker.ask({ type: 'scope', id, graph: 1, link: linkTo('listener'), kinds: ['peaks'] });
    expect(await looker.next('refused', ({ id }) => id === 15)).toMatchObject({ code: 'SLUICE_INSPECTOR_DENIED' });
    looker.ws.send('nonsense');
    expect(await looker.next('refused', ({ id }) => id === undefined)).toMatchObject({
      code: 'SLUICE_INSPECTOR_REQUEST',
    });
    for (let count = 0; count < 60; count++) looker.ask({ type: 'pause-page', paused: true });
    await looker.next('refused', ({ message }) => message.includes('too many requests'));
  });
});

describe('who may not', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another host', { host: 'evil.example' }],
  ])('is turned away: %s', async (_, headers) => {
    await start();
    const looker = new Looker(open.port, headers);
    const failed = await new Promise<Error>((resolve) => looker.ws.once('error', resolve));
    expect(failed.message).toMatch(/403|421/);
    const answer = await new Promise<number>((resolve, reject) => {
      get({ port: open.port, host: '127.0.0.1', headers }, (response) => resolve(response.statusCode!)).once(
        'error',
        reject,
      );
    });
    expect([403, 421]).toContain(answer);
  });

  it('is turned away without the token, or with another', async () => {
    await start();
    for (const first of ['{"type":"open","token":"guess"}', '{"type":"history"}']) {
      const looker = new Looker(open.port);
      looker.ws.once('open', () => looker.ws.send(first));
      expect(await looker.closed()).toBe(4_401);
      expect(looker.messages).toEqual([]);
    }
    for (const path of ['/api/graph', '/api/problems', '/api/links/a/wav']) {
      const answer = await fetch(`http://127.0.0.1:${open.port}${path}`);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 'SLUICE_INSPECTOR_DENIED' });
    }
  });

  it('cannot have a port twice, nor options that are none', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    await expect(inspector(bot, { port })).rejects.toMatchObject({ code: 'SLUICE_INSPECTOR_LISTEN' });
    taken.close();
    await expect(inspector(bot, { audio: true } as never)).rejects.toThrow(TypeError);
    await expect(inspector(bot, { port: -1 })).rejects.toThrow(RangeError);
    await expect(inspector({} as never)).rejects.toThrow(TypeError);
    await start();
  });
});

describe('over HTTP', () => {
  const ask = (path: string) =>
    fetch(`http://127.0.0.1:${open.port}${path}`, { headers: { authorization: `Bearer ${open.token}` } });

  it('gives the graph, the problems and the sound of a link', async () => {
    await start({ media: true });
    const { graphs } = (await (await ask('/api/graph')).json()) as { graphs: { nodes: object[] }[] };
    expect(graphs[0]!.nodes).toHaveLength(bot.inspect().nodes.length);
    expect(await (await ask('/api/problems')).json()).toEqual({ protocol: 'sluice-inspect/1', problems: [] });
    const answer = await ask(`/api/links/${encodeURIComponent(linkTo('listener'))}/wav?s=0.5&graph=bot`);
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    const bytes = await answer.arrayBuffer();
    expect(bytes.byteLength).toBe(44 + 48_000);
    expectTone(new Int16Array(bytes, 44), { sampleRate: 48_000, frequency: 440, amplitude: -20, continuous: true });
  });

  it('says why not', async () => {
    await start({ media: true });
    const link = encodeURIComponent(linkTo('listener'));
    expect((await ask(`/api/links/${link}/wav?s=900`)).status).toBe(400);
    expect((await ask('/api/links/nowhere/wav')).status).toBe(404);
    expect((await ask('/api/links/nowhere/wav?graph=other')).status).toBe(404);
    await start();
    expect((await ask(`/api/links/${link}/wav`)).status).toBe(403);
    expect((await ask('/etc/passwd')).status).toBe(404);
  });

  it('serves the page to anybody on this machine, under a policy that lets it reach nothing else', async () => {
    const { url, port } = await start();
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<div id="page">');
    const policy = answer.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(policy.match(/\bws?:\/\/[^ ;]+/g)).toEqual([`ws://127.0.0.1:${port}`, `ws://localhost:${port}`]);
  });
});

it('says in a file of its user that it is there, until it is closed', async () => {
  await start({ runFile: true });
  const own = () => listRunFiles().find(({ pid }) => pid === process.pid);
  expect(own()).toMatchObject({ port: open.port, token: open.token, graphs: ['bot'] });
  const hide = open.add(graph('second'));
  expect(own()!.graphs).toEqual(['bot', 'second']);
  hide();
  const looker = await look();
  const closed = looker.closed();
  await open.close();
  expect([1001, 1006]).toContain(await closed);
  expect(own()).toBeUndefined();
});
