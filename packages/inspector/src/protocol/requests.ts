/** What a scope gives: the envelope, the sound itself, or small pictures. The latter two need `media`. */
export const scopeKinds = ['peaks', 'sound', 'picture'] as const;
/** What may be wanted of a link. */
export type ScopeKind = (typeof scopeKinds)[number];

/** What whoever looks may send. Of the first, nothing else is taken before it. */
export type InspectRequest =
  | { readonly type: 'open'; readonly token: string }
  /** Looks at a link; packets carry the `id`, 1 to 65,535, which is the scope's name from then on. */
  | {
      readonly type: 'scope';
      readonly id: number;
      readonly graph: number;
      readonly link: string;
      readonly kinds: readonly ScopeKind[];
    }
  | { readonly type: 'unscope'; readonly id: number }
  /** Follows the next frame of a link to all that it comes to. */
  | { readonly type: 'follow'; readonly id: number; readonly graph: number; readonly link: string }
  /** Sends a node a control message. Needs `allowControl`. */
  | {
      readonly type: 'send';
      readonly id: number;
      readonly graph: number;
      readonly node: string;
      readonly message: { readonly type: string; readonly [key: string]: unknown };
    }
  /** Stops samples for a page that nobody sees, and lets them go on. */
  | { readonly type: 'pause-page'; readonly paused: boolean }
  /** Asks for the kept events once more. */
  | { readonly type: 'history' };
