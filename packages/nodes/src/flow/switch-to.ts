import {
  type ActorContext,
  type AudioFormat,
  type AudioFrame,
  CreditContext,
  checkChannels,
  checkKeys,
  checkSampleRate,
  createOperator,
  invalidArgument,
  PauseWatch,
  pushSource,
  type Source,
  withContext,
} from '@sluice/core';
import type { Observable, Subscriber } from 'rxjs';
import { checkMs } from '../options/check-option.ts';
import { emit } from './emit.ts';
import { SwitchCore } from './switch-core.ts';

/** Streams that {@link switchTo} chooses from, and how it changes over. */
export interface SwitchToOptions {
  /** The streams to choose from, by name. */
  readonly inputs: Readonly<Record<string, Observable<AudioFrame>>>;
  /** The one that is chosen at first. Default: the first. */
  readonly initial?: string;
  /** Length of the cross-fade, in milliseconds, up to 10,000; 0 cuts. Default 50. */
  readonly crossFadeMs?: number;
  /** The format that leaves; inputs of others are converted. Default: that of the first frame that leaves. */
  readonly format?: AudioFormat;
}

/** A running switch: the stream that leaves, and its handle. */
export interface Switch extends Source<AudioFrame> {
  /** The input that was chosen last. */
  readonly selected: string;
  /** Chooses an input. It takes over with its next frame; until then the present one goes on. */
  select(input: string): void;
}

/**
 * Passes one of several streams on, and changes between them with a cross-fade of equal power.
 *
 * The chosen stream sets the pace. Those that are not chosen run on and are dropped if they are live, and wait if they
 * can be asked. While it fades, the new stream's frames wait for the former's, one frame at most. Timestamps count what
 * left from 0. The handle is `select()`, or in a graph the message `{ type: 'switch-to', input }`. It ends when every
 * input has ended, and fails with the first that fails. Latency: none; one frame while it fades.
 *
 * @example
 * ```ts
 * const line = switchTo({ inputs: { music: fromWavFile('on-hold.wav').pipe(pace()), agent: source }, crossFadeMs: 200 });
 * line.subscribe(toMicrophone(mic));
 * line.select('agent');
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range, and in `select` for an unknown input
 * @see mix, valve
 */
export function switchTo(options: SwitchToOptions): Switch {
  checkKeys<SwitchToOptions>('switchTo', options, { inputs: true, initial: true, crossFadeMs: true, format: true });
  const { inputs, crossFadeMs = 50, format } = options;
  const ids = typeof inputs === 'object' && inputs !== null ? Object.keys(inputs) : [];
  if (ids.length === 0) throw invalidArgument('switchTo.inputs', 'at least one stream, by name', inputs);
  for (const id of ids)
    if (typeof inputs[id]?.subscribe !== 'function')
      throw invalidArgument(`switchTo.inputs.${id}`, 'an Observable of frames', inputs[id]);
  checkMs('switchTo.crossFadeMs', crossFadeMs, 10_000);
  if (format !== undefined) {
    checkSampleRate(format.sampleRate, 'switchTo.format.sampleRate');
    checkChannels(format.channels, 'switchTo.format.channels');
  }
  let selected = options.initial ?? ids[0]!;
  const running = new Set<(id: string) => void>();
  const select = (id: string): void => {
    if (!ids.includes(id)) throw invalidArgument('select', `one of: ${ids.join(', ')}`, id);
    selected = id;
    for (const change of running) change(id);
  };
  select(selected);

  const spec = {
    name: 'switchTo',
    controls: switchControls(ids),
    ...(format === undefined ? {} : { format: { kind: 'audio', ...format } as const }),
  };
  const source = pushSource<AudioFrame>(spec, (destination, context) => {
    const core = new SwitchCore({ crossFadeMs, format }, (frame) => emit(destination, frame));
    for (const id of ids) core.add(id);
    core.select(selected);
    const credits = ids.map((id) => new CreditContext(context, { isOpen: () => core.wants(id), apart: true }));
    const pauses = new PauseWatch(context, () => core.pause());
    const wake = () => {
      for (const credit of credits) credit.wake();
    };
    const change = (id: string) => {
      core.select(id);
      wake();
    };
    running.add(change);
    const stopInterrupt = context.onInterrupt((interruption) => {
      core.interrupt(interruption);
      wake();
    });
    const stopControl = listenForSelect(context, select);
    destination.add(() => {
      running.delete(change);
      stopInterrupt();
      stopControl();
      pauses.stop();
      core.close();
    });
    for (const [index, id] of ids.entries())
      if (!destination.closed) connect(inputs[id]!, id, core, destination, credits[index]!, wake, pauses);
    return () => {};
  });
  Object.defineProperty(source, 'selected', { get: () => selected, enumerable: true });
  return Object.assign(source, { select }) as Switch;
}

function switchControls(ids: readonly string[]) {
  return {
    'switch-to': {
      description: 'Passes on another of the inputs, with a cross-fade.',
      schema: { type: 'object', properties: { input: { enum: ids } }, required: ['input'] },
    },
  };
}

function listenForSelect(context: ActorContext, select: (id: string) => void): () => void {
  return context.onControl((message) => {
    if (message.type !== 'switch-to') return false;
    select(String(message.input));
    return true;
  });
}

function connect(
  source: Observable<AudioFrame>,
  id: string,
  core: SwitchCore,
  destination: Subscriber<AudioFrame>,
  credit: CreditContext,
  wake: () => void,
  pauses: PauseWatch,
): void {
  const intake = createOperator<AudioFrame, never>({ name: 'switch input' }, (end) => {
    destination.add(end);
    return {
      next(frame) {
        const durationMs = frame.duration / 1000;
        core.push(id, frame);
        if (core.selected === id && core.holds) pauses.came(durationMs);
        wake();
      },
      complete() {
        core.end(id);
        end.complete();
        if (core.finished) destination.complete();
        else wake();
      },
    };
  });
  withContext(credit, () => source.pipe(intake).subscribe({ error: (error: unknown) => destination.error(error) }));
}
