import { defer, EMPTY, map, NEVER, Observable, of, tap, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  AudioFrame,
  audioPort,
  createOperator,
  createSink,
  defineNode,
  graph,
  micros,
  type NodeContext,
  pullSource,
} from '../src/index.ts';
import { VirtualClock } from '../src/testing/index.ts';
import { collect, numberOf, numbers, range, ticking } from './graph-fixtures.ts';

/** What RxJS or a promise would throw into the process fails the test run by itself. */
describe('what is not a frame', () => {
  it.each([
    ['undefined', undefined],
    ['a number', 7],
    ['a frozen frame', Object.freeze({ kind: 'text', timestamp: 0 })],
  ])('fails the node that emits it: %s', async (_what, value) => {
    const bot = graph('no-frame');
    bot
      .from(numbers(3))
      .with({ name: 'odd' })
      .pipe(map(() => value as unknown as AudioFrame))
      .to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_SHAPE', nodeId: 'odd' });
  });

  it('fails a plain Observable in the same way', async () => {
    const bot = graph('no-frame');
    bot.from(of(1, 2) as unknown as Observable<AudioFrame>).to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_SHAPE', nodeId: 'source' });
  });

  it.each([
    ['at once', () => undefined],
    ['later', async () => undefined],
  ])('ends a source whose read gives undefined %s', async (_when, read) => {
    const bot = graph('no-frame');
    bot
      .from(pullSource<AudioFrame>({ name: 'forgetful' }, () => ({ read: read as unknown as () => null })))
      .to(collect());
    await expect(bot.run()).rejects.toThrow('a frame, or null at the end');
  });

  it('fails the node that sends a closed frame to two receivers', async () => {
    const bot = graph('closed');
    const flow = bot
      .from(numbers(3))
      .with({ name: 'closer' })
      .pipe(tap((frame) => frame.close()));
    flow.to(collect());
    flow.to(collect());
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_CLOSED' });
  });
});

describe('a node whose frames are not what it declared', () => {
  const speak = (emit: (context: NodeContext, frame: AudioFrame) => void) =>
    defineNode({
      name: 'speak',
      inputs: { in: audioPort() },
      outputs: { out: audioPort({ sampleRate: 16_000 }) },
      create: (_options: object, context) => ({
        onFrame: (_port, frame) => emit(context as unknown as NodeContext, frame),
      }),
    })();
  const other = (frame: AudioFrame) => frame.derive({ sampleRate: 48_000 });
  const wrong: readonly (readonly [string, string, (context: NodeContext, frame: AudioFrame) => void])[] = [
    ['another rate', 'SLUICE_FRAME_SHAPE', (context, frame) => context.emit('out', other(frame))],
    ['another kind', 'SLUICE_FRAME_SHAPE', (context) => context.emit('out', { kind: 'text', timestamp: micros(0) })],
    ['another rate, sent', 'SLUICE_FRAME_SHAPE', (context, frame) => context.send('out', other(frame))],
    ['no frame', 'SLUICE_FRAME_SHAPE', (context) => context.emit('out', null as never)],
    ['an unknown port', 'SLUICE_LINK_INVALID', (context, frame) => context.emit('nope', frame)],
    ['no frame on an unknown port', 'SLUICE_LINK_INVALID', (context) => context.emit('nope', null as never)],
  ];

  it.each(wrong)('is blamed for %s, in a handler and from a timer', async (_what, code, emit) => {
    for (const late of [false, true])
      for (const onError of ['escalate', 'stop'] as const) {
        const clock = new VirtualClock();
        const bot = graph('declared', { clock });
        const node = bot.add(
          speak((context, frame) =>
            late ? clock.at(clock.now() + 1, () => emit(context, frame)) : emit(context, frame),
          ),
          { onError },
        );
        bot.from(ticking(20)).to(node.in.in);
        node.out.out.to(collect());
        const over = bot.run().then(
          () => 'done',
          (error) => `${error.code} ${error.nodeId}`,
        );
        await clock.advance(200);
        const { lastError } = bot.inspect().nodes.find(({ id }) => id === 'speak')!;
        expect(lastError).toMatch(/of another format than it declares|is not a frame|has no output nope/);
        bot.abort();
        expect(await over).toBe(onError === 'escalate' ? `${code} speak` : 'done');
      }
  });

  it('may change within what it declared', async () => {
    const any = defineNode({
      name: 'any',
      inputs: { in: audioPort() },
      outputs: { out: audioPort({ sampleRate: [16_000, 48_000] }) },
      create: (_options: object, context) => ({ onFrame: (_port, frame) => context.emit('out', frame) }),
    });
    const bot = graph('declared');
    const node = bot.add(any());
    bot.from(of(...[numberAt(16_000), numberAt(48_000), numberAt(16_000)])).to(node.in.in);
    const sink = collect();
    node.out.out.to(sink);
    await bot.run();
    expect(bot.inspect().nodes.find(({ id }) => id === 'any')!.framesOut).toBe(3);
  });
});

const numberAt = (sampleRate: number) =>
  new AudioFrame({ samples: new Int16Array(sampleRate / 50), sampleRate, channels: 1, timestamp: micros(0) });

describe('a handler that throws', () => {
  const controlled = defineNode({
    name: 'controlled',
    inputs: { in: audioPort({}) },
    outputs: { out: audioPort({}) },
    create: (_options: object, context) => ({
      onFrame: (_port, frame) => context.emit('out', frame),
      onControl() {
        throw new RangeError('no such level');
      },
    }),
  });

  it('refuses a control message and goes on', async () => {
    const clock = new VirtualClock();
    const bot = graph('control', { clock });
    const node = bot.add(controlled());
    const sink = collect();
    bot.from(ticking(10)).to(node.in.in);
    node.out.out.to(sink);
    const done = bot.run();
    await clock.advance(50);
    await expect(node.send({ type: 'set-level' })).rejects.toMatchObject({
      nodeId: 'controlled',
      cause: expect.objectContaining({ message: 'no such level' }),
    });
    await clock.run({ until: done });
    expect(sink.frames.map(numberOf)).toEqual(range(10));
  });

  const badTeardown = (source: Observable<AudioFrame>) =>
    new Observable<AudioFrame>((destination) => {
      source.subscribe(destination);
      return () => {
        throw new Error('cannot let go');
      };
    });

  it('in a teardown is reported, and the graph ends all the same', async () => {
    const bot = graph('teardown');
    const sink = collect();
    bot.from(numbers(3)).with({ name: 'clingy' }).pipe(badTeardown).to(sink);
    await bot.run();
    expect(sink.frames.map(numberOf)).toEqual(range(3));
    expect(bot.inspect().problems.join()).toContain('cannot let go');
  });

  it('in a teardown does not keep an abort from the others', async () => {
    const bot = graph('teardown', { deadlines: { stopMs: 100 } });
    const sink = collect();
    bot
      .from(NEVER as Observable<AudioFrame>)
      .pipe(badTeardown)
      .to({ error: badObserver });
    bot.from(NEVER as Observable<AudioFrame>).to(sink);
    await bot.start();
    bot.abort();
    await expect(bot.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
  });

  const badObserver = () => {
    throw new Error('cannot hear of it');
  };

  it('asynchronously, after it aborted the graph itself, harms nobody', async () => {
    const bot = graph('suicide');
    const node = bot.add(
      defineNode({
        name: 'suicide',
        inputs: { in: audioPort({}) },
        outputs: {},
        create: () => ({
          async onFrame() {
            bot.abort();
            throw new Error('too late');
          },
        }),
      })(),
    );
    bot.from(numbers(3)).to(node.in.in);
    await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
  });
});

describe('resume', () => {
  it('escalates where a chain fails before it took a frame', async () => {
    let subscribed = 0;
    const bot = graph('again');
    bot
      .from(numbers(3))
      .with({ onError: 'resume' })
      .pipe(() => defer(() => (subscribed++ < 500 ? throwError(() => new Error('never')) : EMPTY)))
      .to(collect());
    await expect(bot.run()).rejects.toThrow('never');
    expect(subscribed).toBe(1);
  });

  it('escalates where a source or a sink of a group fails', async () => {
    let subscribed = 0;
    const source = defer(() => (subscribed++ < 500 ? throwError(() => new Error('no device')) : EMPTY));
    const bot = graph('again');
    bot.group('io', (io) => io.from(source as Observable<AudioFrame>).to(collect()), { onError: 'resume' });
    await expect(bot.run()).rejects.toThrow('no device');
    expect(subscribed).toBe(1);

    const full = createSink<AudioFrame>({
      name: 'full',
      open: () => ({
        write() {
          throw new Error('disk full');
        },
        end() {},
      }),
    });
    const other = graph('again');
    other.group('io', (io) => io.from(numbers(3)).to(full), { onError: 'resume' });
    await expect(other.run()).rejects.toThrow('disk full');
  });
});

describe('a failure at the end of the stream', () => {
  const failingFlush = () => {
    let flushed = 0;
    return createOperator<AudioFrame, AudioFrame>({ name: 'flushing' }, (destination) => ({
      next: (frame) => destination.next(frame),
      complete() {
        if (flushed++ === 0) throw new Error('no tail');
        destination.complete();
      },
    }));
  };
  const failingDrain = (asynchronous: boolean) => {
    let drained = 0;
    return defineNode({
      name: 'draining',
      inputs: { in: audioPort({}) },
      outputs: { out: audioPort({}) },
      create: (_options: object, context) => ({
        onFrame: (_port, frame) => context.emit('out', frame),
        onDrain() {
          const failure = drained++ === 0 ? new Error('no tail') : undefined;
          if (asynchronous) return failure === undefined ? Promise.resolve() : Promise.reject(failure);
          if (failure !== undefined) throw failure;
        },
      }),
    });
  };

  it.each(['resume', 'restart', 'stop'] as const)('ends what follows all the same: %s', async (onError) => {
    const supervision = { onError, restart: { backoffMs: 1 } };
    for (const asynchronous of [undefined, false, true]) {
      const clock = new VirtualClock();
      const bot = graph('tail', { clock });
      const sink = collect();
      if (asynchronous === undefined) bot.from(numbers(3)).with(supervision).pipe(failingFlush()).to(sink);
      else {
        const node = bot.add(failingDrain(asynchronous)(), supervision);
        bot.from(numbers(3)).to(node.in.in);
        node.out.out.to(sink);
      }
      const done = bot.run();
      await clock.run({ until: done, limitMs: 1_000 });
      expect(bot.status).toBe('done');
      expect((await sink.finished).map(numberOf)).toEqual(range(3));
    }
  });
});
