/** What a scope gives: the envelope, the sound itself, small pictures, or yet smaller ones. All but the first need `media`. */
export const scopeKinds = ['peaks', 'sound', 'picture', 'thumbnail'] as const;
/** What may be wanted of a link. */
export type ScopeKind = (typeof scopeKinds)[number];

/** What whoever looks may send. Of the first, nothing else is taken before it. */
export type InspectRequest =
  | {
      readonly type: 'open';
      /** What stands behind `#` in the address of the page. */
      readonly token: string;
      /** Whether samples may come as changes of the one before. Default: false, each is whole. */
      readonly changes?: boolean | undefined;
    }
  /** Looks at a link; packets carry the `id`, 1 to 65,535, which is the scope's name from then on. */
  | {
      readonly type: 'scope';
      /** 1 to 65,535. */
      readonly id: number;
      /** As in the topology. */
      readonly graph: number;
      /** Its id in the topology. */
      readonly link: string;
      /** What to send of it. Thumbnails alone do not count as a scope; none are made for a page that nobody sees. */
      readonly kinds: readonly ScopeKind[];
    }
  | {
      readonly type: 'unscope';
      /** That of the scope. */
      readonly id: number;
    }
  /** Follows the next frame of a link to all that it comes to. */
  | {
      readonly type: 'follow';
      /** Comes back with the answer. */
      readonly id: number;
      /** As in the topology. */
      readonly graph: number;
      /** Its id in the topology. */
      readonly link: string;
    }
  /** Sends a node a control message. Needs `allowControl`. */
  | {
      readonly type: 'send';
      /** Comes back with the answer. */
      readonly id: number;
      /** As in the topology. */
      readonly graph: number;
      /** Its id in the topology. */
      readonly node: string;
      /** Handed over as it is: `{ type: 'set-gain', db: -6 }`. */
      readonly message: { readonly type: string; readonly [key: string]: unknown };
    }
  /** Stops samples for a page that nobody sees, and lets them go on. */
  | {
      readonly type: 'pause-page';
      /** Whether samples are held back; events and media are not. */
      readonly paused: boolean;
    }
  /** Asks for the kept events once more. */
  | { readonly type: 'history' };
