import { SluiceError } from '../errors.ts';
import type { NodeBlueprint } from '../node/define-node.ts';
import { operatorSpec } from '../operators/node-spec.ts';
import type { Actor, ActorInput, ActorLink, ActorOutput } from '../runtime/actors/actor.ts';
import { StreamActor } from '../runtime/actors/stream-actor.ts';
import type { AnyOperator } from '../runtime/actors/watched-chain.ts';
import type { NodeOptions } from './flow.ts';
import { type GraphBuilder, overflowBehind } from './graph-builder.ts';

/** Puts a new actor into a link: what waits on the link goes to the receiver first, then what the actor makes. */
export function insertInto(
  builder: GraphBuilder,
  link: ActorLink,
  what: readonly AnyOperator[] | NodeBlueprint,
  options: NodeOptions,
): Actor {
  const { from, to } = link;
  if (link.ending) throw cannot(`nothing can be put into ${link.id}`, 'a link that goes on', 'one that has ended');
  const groups = to.actor.groups;
  const actor = 'create' in what ? builder.node(what, options, groups) : builder.chain(what, options, groups);
  const [input, output] = wayThrough(actor);
  builder.connect(builder.linkId(from, input), from, input, link.options);
  // What cannot wait meets its policy before the actor; behind it there is somebody who can.
  const wanted = link.options.policy === 'block' ? link.options : { ...link.options, policy: 'block' as const };
  const live = overflowBehind(actor) !== undefined;
  const next = live ? builder.link(output, to, {}) : builder.connect(builder.linkId(output, to), output, to, wanted);
  next.former = link;
  builder.addition.removals.push({ link, end: true });
  return actor;
}

/** Takes an actor out of its chain: its receivers get what it still has, then what its sender sends. */
export function takeOut(builder: GraphBuilder, actor: Actor): void {
  const [input, output] = wayThrough(actor);
  const [before, ...others] = input.links.filter((link) => !link.ending && link.successor === undefined);
  // Its stream has ended: it leaves when it has finished.
  if (before === undefined) return;
  if (others.length > 0)
    throw cannot(`${actor.id} cannot be taken out`, 'one link that leads to it', `${others.length + 1}`);
  const late = before.depthMicros + latencyOf(actor) * 1_000;
  for (const behind of output.links.filter((link) => !link.ending)) {
    // Everything that comes while the rest of the actor is played waits here.
    const frames = before.options.frames + before.depth + actor.held + behind.depth;
    const micros = before.options.micros + late + behind.depthMicros;
    const { convert } = behind.options;
    const wider = before.options.policy === 'latest' ? {} : { frames, micros };
    const { from } = before;
    const id = builder.linkId(from, behind.to);
    builder.connect(id, from, behind.to, { ...before.options, ...wider, convert }).former = behind;
  }
  // With the end of its stream it ends by itself.
  builder.addition.removals.push({ link: before, end: true });
}

function latencyOf(actor: Actor): number {
  if (!(actor instanceof StreamActor)) return 0;
  return actor.operators.reduce((sum, operator) => sum + (operatorSpec(operator)?.latencyMs ?? 0), 0);
}

/** The one input and the one output of what can stand in a chain. */
function wayThrough(actor: Actor): readonly [ActorInput, ActorOutput] {
  const [input, output] = [actor.inputs[0], actor.outputs[0]];
  if (input !== undefined && output !== undefined && actor.inputs.length === 1 && actor.outputs.length === 1)
    return [input, output];
  const received = `${actor.inputs.length} and ${actor.outputs.length}`;
  throw cannot(`${actor.id} does not stand in a chain`, 'a node of one input and one output', received);
}

function cannot(what: string, expected: string, received: string): SluiceError {
  return new SluiceError('SLUICE_GRAPH_INVALID', what, {
    expected,
    received,
    fix: 'Add, link, unlink and remove one by one',
  });
}
