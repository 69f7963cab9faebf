import { SluiceError } from '../errors.ts';
import {
  describeConstraint,
  describeFormat,
  isAudioConstraint,
  isAudioFormat,
  isVideoConstraint,
  isVideoFormat,
  type MediaFormat,
  prefer,
  satisfies,
  sizeSatisfies,
} from '../media/media-format.ts';
import { operatorSpec } from '../operators/node-spec.ts';
import type { Actor, ActorInput, ActorLink, ActorOutput } from './actors/actor.ts';
import { NodeActor } from './actors/node-actor.ts';
import { StreamActor } from './actors/stream-actor.ts';
import { AudioLinkConverter } from './links/audio-link-converter.ts';
import type { LinkConverter } from './links/link-converter.ts';
import { VideoLinkConverter } from './links/video-link-converter.ts';

/**
 * What a link needs for a format: nothing, or a converter; for a receiver of one rate also while that comes, so that the sound
 * goes on when another does. Throws `SLUICE_LINK_FORMAT` if neither will do.
 */
export function adaptLink(link: ActorLink, format: MediaFormat): LinkConverter | undefined {
  const { constraint } = link;
  const fits = satisfies(format, constraint);
  if (link.options.convert === 'auto') {
    if (isAudioFormat(format) && isAudioConstraint(constraint) && (!fits || constraint.sampleRate !== undefined))
      return new AudioLinkConverter(
        format,
        {
          sampleRate: prefer(constraint.sampleRate, format.sampleRate),
          channels: constraint.channels === undefined ? undefined : prefer(constraint.channels, format.channels),
        },
        senderOf(link),
        link,
      );
    // Only colours are converted unasked: scaling loses detail, and how to fit is a choice.
    if (!fits && isVideoFormat(format) && isVideoConstraint(constraint) && sizeSatisfies(format, constraint))
      return new VideoLinkConverter(format, prefer(constraint.format, format.format), link.id);
  }
  if (fits) return undefined;
  throw new SluiceError('SLUICE_LINK_FORMAT', `${link.from.id} cannot be linked to ${link.to.id}`, {
    expected: describeConstraint(constraint),
    received: describeFormat(format),
    fix: fixFor(link, format),
  });
}

/** What a converter has to know of whoever sends into its link. */
function senderOf({ from: { actor } }: ActorLink) {
  return {
    clock: actor.host.clock,
    get paced() {
      return actor.isPaced();
    },
    get hasRoom() {
      return actor.hasRoom;
    },
  };
}

function fixFor(link: ActorLink, format: MediaFormat): string {
  const { constraint } = link;
  const operators: string[] = [];
  if (isAudioFormat(format) && isAudioConstraint(constraint)) {
    const rate = prefer(constraint.sampleRate, format.sampleRate);
    const channels = prefer(constraint.channels, format.channels);
    if (rate !== format.sampleRate) operators.push(`resample({ sampleRate: ${rate} })`);
    if (channels !== format.channels) operators.push(`remix({ channels: ${channels} })`);
  } else if (isVideoFormat(format) && isVideoConstraint(constraint)) {
    const width = prefer(constraint.width, format.width);
    const height = prefer(constraint.height, format.height);
    if (!sizeSatisfies(format, constraint))
      return `Put scale({ width: ${width}, height: ${height} }) before ${link.to.actor.id}`;
    operators.push(`convertColor({ format: '${prefer(constraint.format, format.format)}' })`);
  } else return `Link a port of kind ${constraint?.kind} instead`;
  return `Put ${operators.join(' and ')} before ${link.to.actor.id}, or allow converters (convert: 'auto')`;
}

/**
 * Gives each link of the sorted actors its format, sources first; inserts converters where the ends allow it. Links of
 * `leaving` count no more. Returns the links that got one: their receivers were not told.
 */
export function negotiate(
  actors: readonly Actor[],
  sourceFormats: ReadonlyMap<Actor, MediaFormat>,
  leaving: ReadonlySet<ActorLink>,
): ActorLink[] {
  const agreed: ActorLink[] = [];
  const arriving = (port: ActorInput): MediaFormat | undefined => {
    const link = port.links.find((candidate) => candidate.format !== undefined && !leaving.has(candidate));
    return link?.converter?.output ?? link?.format;
  };
  for (const actor of actors)
    for (const [port, format] of formatsOut(actor, arriving, sourceFormats.get(actor))) spread(port, format, agreed);
  return agreed;
}

/** What an actor sends at each output, as far as that follows from what comes to it, or from what it is a source of. */
export function formatsOut(
  actor: Actor,
  arriving: (port: ActorInput) => MediaFormat | undefined,
  sourceFormat: MediaFormat | undefined,
): readonly (readonly [ActorOutput, MediaFormat | undefined])[] {
  if (actor instanceof StreamActor) {
    const input = actor.source === undefined ? arriving(actor.input) : sourceFormat;
    if (input !== undefined) checkChain(actor, input);
    return [[actor.out, actor.produces(input)]];
  }
  if (!(actor instanceof NodeActor)) return [];
  const { blueprint } = actor;
  const produced = blueprint.produces(Object.fromEntries(actor.inputs.map((port) => [port.name, arriving(port)])));
  return actor.outputs.map((port) => [port, produced[port.name] ?? exact(blueprint.outputs[port.name]?.constraint)]);
}

function exact(constraint: ReturnType<() => ActorLink['constraint']>): MediaFormat | undefined {
  if (isAudioConstraint(constraint)) {
    const { sampleRate, channels } = constraint;
    if (typeof sampleRate === 'number' && typeof channels === 'number') return { kind: 'audio', sampleRate, channels };
  } else if (isVideoConstraint(constraint)) {
    const { width, height, format } = constraint;
    if (typeof width === 'number' && typeof height === 'number' && typeof format === 'string')
      return { kind: 'video', width, height, format };
  }
  return undefined;
}

function spread(port: ActorOutput, format: MediaFormat | undefined, agreed: ActorLink[]): void {
  port.format = format;
  if (format === undefined) return;
  for (const link of port.links) {
    if (link.format !== undefined) continue;
    const converter = adaptLink(link, format);
    link.agree(format, converter);
    agreed.push(link);
  }
}

/** Operators inside one chain get no converters: a mismatch there is an error that names both. */
function checkChain(actor: StreamActor, input: MediaFormat): void {
  let format = input;
  for (const operator of actor.operators) {
    const spec = operatorSpec(operator);
    if (!satisfies(format, spec?.accepts))
      throw new SluiceError(
        'SLUICE_LINK_FORMAT',
        `${spec?.name} in ${actor.describe()} does not take what comes to it`,
        {
          expected: describeConstraint(spec?.accepts),
          received: describeFormat(format),
          fix: 'Convert before it, or give it a pipe() of its own, where a converter is put in',
          nodeId: actor.id,
        },
      );
    format = spec?.produces?.(format) ?? format;
  }
}
