import type { OperatorFunction } from 'rxjs';
import { checkKeys } from '../check-keys.ts';
import type { Frame } from '../media/frame.ts';
import type { NodeBlueprint } from '../node/define-node.ts';
import type { AnyOperator } from '../runtime/actors/watched-chain.ts';
import { insertInto, takeOut } from './edit-chain.ts';
import type { LinkRef, NodeOptions, NodeRef } from './flow.ts';
import type { GraphBuilder } from './graph-builder.ts';
import type { GraphScope } from './graph-scope.ts';
import { nodeRef, ownActor, ownLink } from './refs.ts';
/** Changes to a graph that runs; carried out together or not at all, at a frame boundary. */
export interface GraphChange extends GraphScope {
  /** Takes a node out. `drain` (default): it finishes what it was given; otherwise it drops it. */
  remove(node: NodeRef | string, options?: { readonly drain?: boolean }): void;
  /** Takes a link out. The receiver goes on; with `end` it sees the end of the stream, behind what waits. */
  unlink(link: LinkRef | string, options?: { readonly end?: boolean }): void;
  /**
   * Puts operators, or a node of one input and one output, into a link. What waits on the link goes to the receiver first,
   * then what they make of all that follows: nothing is lost or comes twice, and a conversion on the link goes on with what
   * it knows of the sound, if the format stays.
   *
   * @example
   * ```ts
   * const louder = voice.pipe(gain({ db: 3 }));
   * louder.to(speaks);
   * await bot.change((edit) => edit.insert(louder.link, gain({ db: -6 }), { name: 'quieter' }));
   * await bot.change((edit) => edit.takeOut('quieter'));
   * ```
   */
  insert<F extends Frame>(
    link: LinkRef | string,
    what: OperatorFunction<F, F> | readonly OperatorFunction<F, F>[] | NodeBlueprint,
    options?: Omit<NodeOptions, 'link'>,
  ): NodeRef;
  /**
   * Takes a node of one input and one output out of its chain: its receivers get what it still has, then what its sender
   * sends. What that sends meanwhile waits for them.
   */
  takeOut(node: NodeRef | string): void;
}

/** What a change may do, on top of building in `scope`. Removals are put down with what the builder adds. */
export function graphChange(scope: GraphScope, builder: GraphBuilder): GraphChange {
  const { runtime } = builder;
  const { removals } = builder.addition;
  return {
    from: (source, options) => scope.from(source, options),
    add: (blueprint, options) => scope.add(blueprint, options),
    group: (name, build, options) => scope.group(name, build, options),
    follow: (flow) => scope.follow(flow),
    remove: (node, options = {}) => {
      checkKeys<{ drain?: boolean }>('remove', options, { drain: true });
      removals.push({ actor: ownActor(runtime, node), drain: options.drain ?? true });
    },
    unlink: (ref, options = {}) => {
      checkKeys<{ end?: boolean }>('unlink', options, { end: true });
      removals.push({ link: ownLink(runtime, ref), end: options.end ?? false });
    },
    insert: (ref, what, options = {}) => {
      const inserted = typeof what === 'function' ? [what] : what;
      const link = ownLink(runtime, ref);
      return nodeRef(insertInto(builder, link, inserted as readonly AnyOperator[] | NodeBlueprint, options));
    },
    takeOut: (node) => takeOut(builder, ownActor(runtime, node)),
  };
}
