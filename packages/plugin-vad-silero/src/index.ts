// Voice-activity detection

export { type SileroOptions, silero } from './silero.ts';
export type { SileroSettings } from './silero-settings.ts';
