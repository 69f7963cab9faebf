/** Makes a picture's pipeline; sharp's own default export. */
export type MakeSharp = typeof import('sharp')['default'];

/**
 * libvips, loaded when the first picture is read or written: whoever uses none does not wait for it (some 90 ms) and
 * needs no build of it for the platform.
 */
export async function loadSharp(): Promise<MakeSharp> {
  return (await import('sharp')).default;
}
