import type { Observable, Subscription } from 'rxjs';
import { invalidArgument } from '../../errors.ts';
import type { Frame } from '../../media/frame.ts';
import type { MediaFormat } from '../../media/media-format.ts';
import { withContext } from '../../operators/actor-context.ts';
import { NODE, type SourceSpec, sourceSpec } from '../../operators/node-spec.ts';
import { pushSource, type Source } from '../../operators/source.ts';
import { type Crossing, type Passage, promised } from '../passage/passage.ts';
import { type Made, made } from './made.ts';
import { markEnd } from './marked-ends.ts';
import { outerContext } from './outer-context.ts';

/** What a replay has to know of a source that it does not have. */
interface SourceFacts {
  readonly name: string;
  readonly format?: MediaFormat;
  readonly overflow?: SourceSpec['overflow'];
  /** Whether its format is found out before the start. */
  readonly prepares: boolean;
}

/** A live source at the border: its frames, its end and its faults come in as they are told. */
export function sessionSource<F extends Frame>(passage: Passage, end: string, make: Made<Observable<F>>): Source<F> {
  const real = passage.outside && made(make);
  const spec = real && sourceSpec(real);
  if (spec !== undefined && spec.live !== true)
    throw invalidArgument(
      `env.source(${end})`,
      'a live source; what is read, a file for example, is read again by a replay and needs no env.source',
      spec.name,
    );
  const facts = passage
    .open(end, () => {})
    .ask('source', () => factsOf(spec), { name: end, prepares: false } as SourceFacts);
  const { name, format, overflow, prepares } = facts;
  const source = pushSource<F>(
    {
      name,
      live: true,
      ...(format && { format }),
      ...(overflow && { overflow }),
      ...(prepares && { prepare: () => promised(passage, end, 'prepare', undefined, () => spec!.prepare!()) }),
      problems: () => spec?.problems?.() ?? [],
      glitches: () => spec?.glitches?.(),
    },
    (destination, context) => {
      const { outer, told } = outerContext(context, passage.outside, () => crossing);
      const crossing: Crossing = passage.open(end, (what, value) => {
        if (what === 'frame') destination.next(value as F);
        else if (what === 'completed') destination.complete();
        else if (what === 'failed') destination.error(value);
        else told(what, value);
      });
      let subscription: Subscription | undefined;
      crossing.call('subscribe', undefined, () => {
        subscription = withContext(outer!, () =>
          real!.subscribe({
            next: (frame) => crossing.tell('frame', frame),
            error: (error: unknown) => crossing.tell('failed', error),
            complete: () => crossing.tell('completed'),
          }),
        );
      });
      return () => {
        crossing.call('unsubscribe', undefined, () => subscription?.unsubscribe());
        crossing.close();
      };
    },
  );
  markEnd(source[NODE]);
  return source;
}

function factsOf(spec: SourceSpec | undefined): SourceFacts {
  return {
    name: spec?.name ?? 'observable',
    prepares: spec?.prepare !== undefined,
    ...(spec?.format && { format: spec.format }),
    ...(spec?.overflow && { overflow: spec.overflow }),
  };
}
