import * as fc from 'fast-check';
import { from, map, type OperatorFunction, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Graph, graph } from '../src/graph/graph.ts';
import type { AudioFrame } from '../src/media/audio-frame.ts';
import { actorContext } from '../src/operators/actor-context.ts';
import { filterFrames } from '../src/operators/filter-frames.ts';
import { mapFrames } from '../src/operators/map-frames.ts';
import { describeOperator } from '../src/operators/node-spec.ts';
import { createSink } from '../src/operators/sink.ts';
import { pushSource } from '../src/operators/source.ts';
import { createStep } from '../src/operators/step.ts';
import { VirtualClock } from '../src/time/virtual-clock.ts';
import { collect, numbered, numberOf, numbers, range } from './graph-fixtures.ts';

type Operator = OperatorFunction<AudioFrame, AudioFrame>;
type Deed = 'pass' | 'replace' | 'drop' | 'throw';

/** The same operator for an actor that knows nothing of steps: it goes through RxJS. */
const throughRxjs = (step: Operator): Operator => describeOperator({ name: 'step' }, (source) => step(source));

/** How a run ends, in virtual time. */
async function ended(line: Graph, clock: VirtualClock): Promise<string> {
  const outcome = line.run().then(
    () => 'done',
    (error: Error) => error.message,
  );
  await clock.run({ until: outcome });
  return outcome;
}

interface Lives {
  begun: number;
  /** When one was torn down. */
  over: number[];
  ends: number;
}

/** A step that does what it is told with each frame, by its number, and counts its lives. */
function scripted(deeds: readonly Deed[], lives: Lives, now = () => 0): Operator {
  return createStep<AudioFrame, AudioFrame>({ name: 'step' }, () => {
    lives.begun++;
    let seen = 0;
    return {
      next(frame) {
        const deed = deeds[numberOf(frame) % deeds.length];
        seen++;
        if (deed === 'pass') return frame;
        frame.close();
        if (deed === 'throw') throw new Error(`at ${numberOf(frame)}, the ${seen}. of this life`);
        return deed === 'drop' ? undefined : frame.derive({ utterance: `u${seen}` });
      },
      complete: () => {
        lives.ends++;
      },
      teardown: () => {
        lives.over.push(now());
      },
    };
  });
}

describe('an actor of steps', () => {
  it('does what RxJS does with the same operators, whatever passes, is dropped or throws, and however it is supervised', async () => {
    const deeds = fc.array(fc.constantFrom<Deed>('pass', 'pass', 'replace', 'drop', 'throw'), {
      minLength: 1,
      maxLength: 7,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(deeds, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.constantFrom('resume', 'restart', 'stop', 'escalate'),
        fc.constantFrom(0, 30),
        async (actors, onError, sinkMs) => {
          const run = async (as: (step: Operator) => Operator) => {
            const lives: Lives = { begun: 0, over: [], ends: 0 };
            const sink = collect(sinkMs);
            const clock = new VirtualClock();
            const line = graph('line', { clock, random: () => 0.5 });
            let flow = line.from(numbers(12));
            for (const [at, chain] of actors.entries()) {
              const [one, two, three] = chain.map((script) => as(scripted(script, lives, () => clock.now())));
              const next = flow.with({ name: `actor ${at}`, onError });
              flow = three ? next.pipe(one!, two!, three) : two ? next.pipe(one!, two) : next.pipe(one!);
            }
            flow.to(sink);
            const outcome = await ended(line, clock);
            const nodes = line.inspect().nodes.map((node) => ({
              id: node.id,
              state: node.state,
              counts: [node.framesIn, node.framesOut, node.errors, node.restarts],
              error: node.lastError,
            }));
            const heard = sink.frames.map((frame) => `${numberOf(frame)} ${frame.utterance}`);
            return { outcome, nodes, heard, lives };
          };
          expect(await run((step) => step)).toEqual(await run(throughRxjs));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('fails itself, and not who stands before it, of what is no frame', async () => {
    const clock = new VirtualClock();
    const line = graph('line', { clock });
    const sink = collect();
    const node = line
      .from(numbers(4))
      .with({ name: 'odd', onError: 'resume' })
      .pipe(mapFrames((frame) => (numberOf(frame) === 1 ? (7 as unknown as AudioFrame) : frame)));
    node.to(sink);
    expect(await ended(line, clock)).toBe('done');
    const [source, odd] = line.inspect().nodes;
    expect([source!.errors, odd!.errors]).toEqual([0, 1]);
    expect(odd!.lastError).toEqual(expect.stringMatching(/not a frame/));
    expect(sink.frames.map(numberOf)).toEqual([0, 2, 3]);
  });

  it('is the ambient one in its steps alone, and each of a line in its own', async () => {
    const names: string[] = [];
    const look = () =>
      mapFrames<AudioFrame, AudioFrame>((frame) => {
        names.push(actorContext().name);
        return frame;
      });
    const outside = actorContext();
    const clock = new VirtualClock();
    const line = graph('line', { clock });
    line
      .from(numbers(1))
      .with({ name: 'a' })
      .pipe(look())
      .with({ name: 'b' })
      .pipe(look(), look())
      .with({ name: 'c' })
      .pipe(
        map((frame) => frame),
        look(),
      )
      .to(collect());
    expect(await ended(line, clock)).toBe('done');
    expect(names).toEqual(['a', 'b', 'b', 'c']);
    expect(actorContext()).toBe(outside);
  });

  it('lets nothing out once one of its steps has ended the graph', async () => {
    const made: AudioFrame[] = [];
    const clock = new VirtualClock();
    const line = graph('line', { clock });
    const sink = collect();
    const ending = mapFrames<AudioFrame, AudioFrame>((frame) => {
      line.abort(new Error('enough'));
      made.push(frame);
      return frame;
    });
    let behind = 0;
    const counting = mapFrames<AudioFrame, AudioFrame>((frame) => {
      behind++;
      return frame;
    });
    line.from(numbers(3)).pipe(ending, counting).to(sink);
    await ended(line, clock);
    expect(made.map(({ closed }) => closed)).toEqual([true]);
    // What was torn down is not called.
    expect([behind, sink.frames]).toEqual([0, []]);
  });

  it('takes what comes back to it while its frame is still on the way, in order', async () => {
    const clock = new VirtualClock();
    const line = graph('line', { clock });
    const heard: number[] = [];
    let left = false;
    let again: ((frame: AudioFrame) => void) | undefined;
    const sink = createSink<AudioFrame>({
      name: 'echo',
      open: () => ({
        write(frame) {
          heard.push(numberOf(frame));
          // Comes in at the source while this frame is handled.
          if (numberOf(frame) < 3) again!(numbered(numberOf(frame) + 1));
          frame.close();
        },
        end: () => {},
      }),
    });
    const source = pushSource<AudioFrame>({ name: 'push' }, (destination) => {
      again = (frame) => destination.next(frame);
      const cancel = clock.at(clock.now(), () => {
        const ambient = actorContext();
        destination.next(numbered(0));
        left = actorContext() === ambient;
        destination.complete();
      });
      return cancel;
    });
    line
      .from(source)
      .pipe(mapFrames((frame) => frame))
      .pipe(mapFrames((frame) => frame))
      .to(sink);
    expect(await ended(line, clock)).toBe('done');
    expect(heard).toEqual([0, 1, 2, 3]);
    expect(left).toBe(true);
  });
});

describe('steps in RxJS', () => {
  it('mapFrames maps as map does, with the index, and leaves out what is undefined', () => {
    const frames = range(4).map((index) => numbered(index));
    const project = (frame: AudioFrame, index: number) => frame.derive({ utterance: `${index}` });
    const heard = (operator: Operator) => {
      const ids: unknown[] = [];
      from(frames)
        .pipe(operator)
        .subscribe({ next: ({ utterance }) => ids.push(utterance), complete: () => ids.push('end') });
      return ids;
    };
    expect(heard(mapFrames(project))).toEqual(heard(map(project)));
    expect(heard(mapFrames((frame, index) => (index < 3 ? undefined : project(frame, index))))).toEqual(['3', 'end']);
  });

  it('filterFrames closes what does not pass, and what was looked at when it threw', () => {
    const frames = range(4).map((index) => numbered(index));
    const errors: unknown[] = [];
    const heard: AudioFrame[] = [];
    const passes = (_: AudioFrame, index: number) => {
      if (index === 2) throw new Error('no more');
      return index === 1;
    };
    from(frames)
      .pipe(filterFrames(passes))
      .subscribe({ next: (frame) => heard.push(frame), error: (error) => errors.push(error) });
    expect(heard).toEqual([frames[1]]);
    expect(frames.map(({ closed }) => closed)).toEqual([true, false, true, false]);
    expect(errors).toEqual([new Error('no more')]);
  });

  it('tears down once, at the end, at an error and when nobody listens any more', () => {
    for (const [deeds, count, ends] of [
      [['pass'], 9, 1],
      [['throw'], 9, 0],
      [['pass'], 1, 0],
    ] as const) {
      const lives: Lives = { begun: 0, over: [], ends: 0 };
      from(range(3).map((index) => numbered(index)))
        .pipe(scripted(deeds, lives), take(count))
        .subscribe({ error: () => {} });
      expect(lives).toEqual({ begun: 1, over: [0], ends });
    }
  });

  it('refuses what is no function', () => {
    expect(() => mapFrames(7 as never)).toThrow(/mapFrames.project/);
    expect(() => filterFrames(undefined as never)).toThrow(/filterFrames.passes/);
  });
});
