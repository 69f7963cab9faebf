// Voice-activity detection

export { type FvadOptions, fvad } from './fvad.ts';
export type { FvadSettings } from './fvad-settings.ts';
