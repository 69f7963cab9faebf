/** What a meeting token grants. */
export interface TokenGrant {
  /** Shown to the others as `info.userId`; default: empty. */
  readonly userId?: string;
  /** Overrides the name the client asks for. */
  readonly userName?: string;
  readonly isOwner?: boolean;
}

/**
 * The rule for tokens of a server. Returns what the token grants; null refuses it. `token` is undefined if the client
 * gave none: return null to require one, a grant to let it in. The time it takes must not depend on the token.
 */
export type VerifyToken = (token: string | undefined, room: string) => TokenGrant | null | Promise<TokenGrant | null>;
