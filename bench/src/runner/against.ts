import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { advantage, type Better, type Figure } from '../measuring/report.ts';
import { type MedianInterval, medianInterval } from './median-interval.ts';
import { runBench } from './run-bench.ts';

/** A figure of this build beside the same of another one: medians of all pairs, and the interval of their ratio. */
export interface Comparison extends Figure {
  readonly peer_value: number;
  readonly ratio: number;
  /** Where the median of the ratio lies with 95 % certainty. */
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
  /** Whether this build may be as good as the other. */
  readonly holds: boolean;
}

export interface AgainstOptions {
  /** The folder of the other build: a worktree or clone, with its packages installed. */
  readonly folder: string;
  readonly names: readonly string[];
  readonly pairs: number;
  readonly quick: boolean;
  readonly note: (text: string) => void;
}

interface Pairs {
  readonly unit: string;
  readonly better: Better;
  readonly values: number[];
  readonly others: number[];
}

/** The commit that a folder holds, as figures name it; throws for what is no other build. */
export function otherBuild(folder: string): string {
  if (!existsSync(join(folder, 'bench')) || !existsSync(join(folder, 'node_modules')))
    throw new Error(
      `${folder} is no build to compare with: expected a checkout of sluice with its packages. Make one with: git worktree add ${folder} <commit> && (cd ${folder} && npm ci)`,
    );
  return execFileSync('git', ['-C', folder, 'rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
}

/** Runs each bench in both builds, in turn: the first of a pair is the second of the next. */
export async function compareBuilds({ folder, names, pairs, quick, note }: AgainstOptions): Promise<Comparison[]> {
  const peer = otherBuild(folder);
  const found = new Map<string, Pairs>();
  for (const name of names)
    for (let pair = 1; pair <= pairs; pair++) {
      note(`${name}: pair ${pair} of ${pairs}`);
      const turns = [() => ours(name, quick), () => theirs(folder, name, quick)];
      if (pair % 2 === 0) turns.reverse();
      const first = await turns[0]!();
      const second = await turns[1]!();
      const [own, other] = pair % 2 === 0 ? [second, first] : [first, second];
      addPair(found, name, own as OwnFigures, other);
    }
  return [...found].map(([key, figures]) => compare(key, peer, figures));
}

type OwnFigures = Map<string, Figure & { readonly better: Better }>;

function addPair(found: Map<string, Pairs>, bench: string, own: OwnFigures, other: Map<string, Figure>): void {
  for (const [metric, { value, unit, better }] of own) {
    const theirs = other.get(metric);
    // A metric that the other build has not is no regression.
    if (theirs === undefined) continue;
    const key = JSON.stringify([bench, metric]);
    const figures = found.get(key) ?? { unit, better, values: [], others: [] };
    figures.values.push(value);
    figures.others.push(theirs.value);
    found.set(key, figures);
  }
}

function compare(key: string, peer: string, { unit, better, values, others }: Pairs): Comparison {
  const [bench, metric] = JSON.parse(key) as [string, string];
  const ratios = values.map((value, pair) => advantage(value, others[pair]!, unit, better));
  const { median: ratio, low, high }: MedianInterval = medianInterval(ratios);
  const [value, peerValue] = [medianInterval(values).median, medianInterval(others).median];
  return {
    bench,
    metric,
    value,
    unit,
    peer,
    peer_value: peerValue,
    ratio,
    low,
    high,
    pairs: ratios.length,
    holds: high >= 1,
  };
}

async function ours(name: string, quick: boolean): Promise<OwnFigures> {
  const figures: OwnFigures = new Map();
  let failure: string | undefined;
  await runBench(name, quick, (message) => {
    if (message.type === 'figure') figures.set(message.figure.metric, { ...message.figure, better: message.better });
    if (message.type === 'failed') failure = message.error;
  });
  if (failure !== undefined) throw new Error(`${name} failed: ${failure}`);
  return figures;
}

/** The other build says its figures as everybody gets them. */
async function theirs(folder: string, name: string, quick: boolean): Promise<Map<string, Figure>> {
  const args = ['run', '--silent', 'bench', '--', name, '--json', ...(quick ? ['--quick'] : [])];
  const child = spawn('npm', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, complaints] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
  const figures = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Figure);
  if (figures.length === 0) throw new Error(`${name} gave no figures in ${folder}: ${complaints.trim()}`);
  return new Map(figures.map((figure) => [figure.metric, figure]));
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
