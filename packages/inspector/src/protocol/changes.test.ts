import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedSample, changeOf } from './changes.ts';
import { type GraphSample, linkColumns, nodeColumns, type Sample } from './messages.ts';

const column = fc.array(fc.option(fc.integer({ min: 0, max: 2 })), { minLength: 2, maxLength: 2 });
const columns = (names: readonly string[]) => fc.record(Object.fromEntries(names.map((name) => [name, column])));
const told = fc.array(fc.record({ text: fc.constantFrom('a', 'b') }), { maxLength: 1 });
const graph = fc.record(
  {
    graph: fc.constant(1),
    status: fc.constantFrom('running', 'done'),
    epoch: fc.integer({ min: 1, max: 2 }),
    uptimeMs: fc.integer({ min: 0, max: 2 }),
    states: fc.array(fc.constantFrom('running', 'down'), { minLength: 2, maxLength: 2 }),
    nodes: columns(nodeColumns),
    links: columns(linkColumns),
    problems: told,
    faults: told,
    figures: fc.record({ agent: fc.record({ turns: fc.integer({ min: 0, max: 1 }) }) }),
  },
  { requiredKeys: ['graph', 'status', 'epoch', 'uptimeMs', 'states', 'nodes', 'links', 'problems', 'faults'] },
) as unknown as fc.Arbitrary<GraphSample>;
const sample: fc.Arbitrary<Sample> = fc.record({
  type: fc.constant('sample'),
  t: fc.nat(),
  revision: fc.constant(1),
  graphs: fc.tuple(graph),
  process: fc.record({ lagMs: fc.nat(), rssMb: fc.nat(), cpu: fc.constant(0.5) }),
});
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value));

it('makes of a sample and what changed the sample that comes after it', () => {
  fc.assert(
    fc.property(sample, sample, (before, after) => {
      expect(changedSample(before, sent(changeOf(before, after)))).toEqual(after);
    }),
    { numRuns: 30 },
  );
});

it('says nothing of what is as it was, and keeps it', () => {
  fc.assert(
    fc.property(sample, (before) => {
      const change = changeOf(before, sent(before));
      expect(change.graphs).toEqual([{ graph: 1 }]);
      expect(changedSample(before, change).graphs[0]!.links).toBe(before.graphs[0]!.links);
    }),
    { numRuns: 10 },
  );
});
