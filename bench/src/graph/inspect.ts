import { once } from 'node:events';
import { realClock, sleep } from '@sluice/core';
import { decodePacket, INSPECT_PROTOCOL } from '@sluice/inspector';
import { WebSocket } from 'ws';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { median } from '../measuring/rounds.ts';

/** Lines of five nodes each. */
const LINES = 10;
/** So many times as large is a large graph, which so many pages look at. */
const LARGE = 4;
const PAGES = 5;
/** How long a state is measured at a time, and how long it settles before, in milliseconds. */
const MEASURED_MS = 4_000;
const SETTLE_MS = 500;

interface Inspected {
  readonly port: number;
  readonly token: string;
  readonly nodes: number;
  readonly link: string;
}

/** What it costs a process that somebody looks at its graph, and hears one of its links. */
export const inspect: Bench = {
  name: 'inspect',
  async run(report, { quick }) {
    await using child = new ChildProgram('inspected-graph');
    const inspected = await child.call<Inspected>('start', LINES);
    const found = { detached: [] as number[], open: [] as number[], scoped: [] as number[] };
    // In turn, so that what else the machine does meets all.
    for (let round = 0; round < (quick ? 3 : 10); round++) {
      found.detached.push(await share(child));
      const looker = await Looker.open(inspected);
      found.open.push(await share(child));
      looker.scope(inspected.link);
      found.scoped.push(await share(child));
      looker.check();
      await looker.close();
    }
    // The first are slower: code is compiled with them.
    const scrapes: number[] = [];
    for (let round = 0; round < 6; round++) scrapes.push(await child.call<number>('scrapeMs'));
    await child.call('stop');
    // Each whole, not the difference: that of two noisy figures would be a third.
    const alone = { name: 'nobody looks', value: median(found.detached).value };
    report(`${inspected.nodes} nodes, a page open`, median(found.open), '% of a core', alone, 'lower');
    report('and a link of 48 kHz heard', median(found.scoped), '% of a core', alone, 'lower');
    report('all figures as a text for Prometheus', median(scrapes.slice(1)), 'ms', undefined, 'lower');
    await crowded(report, quick ? 1 : 3);
  },
};

/** What a large graph costs that many look at: what they are told is made once for all of them. */
async function crowded(report: Report, rounds: number): Promise<void> {
  await using child = new ChildProgram('inspected-graph');
  const inspected = await child.call<Inspected>('start', LARGE * LINES);
  const found = { detached: [] as number[], open: [] as number[], told: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    found.detached.push(await share(child));
    const lookers = await Promise.all(Array.from({ length: PAGES }, () => Looker.open(inspected)));
    // First comes what nodes and links are, once.
    await sleep(realClock, 2 * SETTLE_MS);
    const before = lookers.map(({ textBytes }) => textBytes);
    found.open.push(await share(child));
    found.told.push(...lookers.map(({ textBytes }, at) => (textBytes - before[at]!) / (SETTLE_MS + MEASURED_MS)));
    for (const looker of lookers) await looker.close();
  }
  await child.call('stop');
  const alone = { name: 'nobody looks', value: median(found.detached).value };
  report(`${inspected.nodes} nodes, ${PAGES} pages open`, median(found.open), '% of a core', alone, 'lower');
  report('told to each of them', median(found.told), 'KB/s', undefined, 'lower');
}

/** What the graph's process takes while it runs in time, in percent of a core. */
async function share(child: ChildProgram): Promise<number> {
  await sleep(realClock, SETTLE_MS);
  const [cpuMs, frames, startedAt] = [
    await child.call<number>('cpuMs'),
    await child.call<number>('frames'),
    performance.now(),
  ];
  await sleep(realClock, MEASURED_MS);
  const [took, passed] = [(await child.call<number>('cpuMs')) - cpuMs, (await child.call<number>('frames')) - frames];
  const elapsed = performance.now() - startedAt;
  if (passed < (0.9 * elapsed) / 20) throw new Error(`only ${passed} frames passed in ${Math.round(elapsed)} ms`);
  return (100 * took) / elapsed;
}

/** Asks what the page asks, from this process. */
class Looker {
  readonly #ws: WebSocket;
  #samples = 0;
  #soundMs = 0;
  /** All that came as text. */
  textBytes = 0;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.binaryType = 'arraybuffer';
    ws.on('message', (data, isBinary) => {
      if (isBinary) return this.#hear(data as ArrayBuffer);
      const text = String(data);
      this.textBytes += text.length;
      if (/^(sample|change)$/.test(JSON.parse(text).type)) this.#samples++;
    });
  }

  static async open({ port, token }: Inspected): Promise<Looker> {
    const ws = new WebSocket(`ws://127.0.0.1:${port}/socket`);
    await once(ws, 'open');
    const looker = new Looker(ws);
    ws.send(JSON.stringify({ type: 'open', token, changes: true }));
    return looker;
  }

  scope(link: string): void {
    this.#ws.send(JSON.stringify({ type: 'scope', id: 1, graph: 1, link, kinds: ['sound', 'picture'] }));
  }

  /** What was measured has come, too. */
  check(): void {
    if (this.#samples < 20 || this.#soundMs < 0.9 * MEASURED_MS)
      throw new Error(`${INSPECT_PROTOCOL}: only ${this.#samples} samples and ${this.#soundMs} ms of sound came`);
  }

  async close(): Promise<void> {
    const closed = once(this.#ws, 'close');
    this.#ws.close();
    await closed;
  }

  #hear(data: ArrayBuffer): void {
    const packet = decodePacket(data);
    if (packet?.kind === 'sound') this.#soundMs += (1_000 * packet.payload.length) / 2 / packet.channels / packet.rate;
  }
}
