/** What a token says for the page, unchecked: the server alone decides what it is worth. */
export interface TokenWishes {
  readonly name?: string;
  readonly startVideoOff?: boolean;
  readonly startAudioOff?: boolean;
}

/** Empty for a token that cannot be read. */
export function readTokenWishes(token: string | undefined): TokenWishes {
  try {
    const payload = token!.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    return {
      ...(typeof claims.name === 'string' && { name: claims.name }),
      startVideoOff: claims.startVideoOff === true,
      startAudioOff: claims.startAudioOff === true,
    };
  } catch {
    return {};
  }
}
