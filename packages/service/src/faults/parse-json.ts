import { redact } from './redact.ts';
import { type ServiceIdentity, serviceError } from './service-error.ts';

/**
 * The value of an event's or a message's text.
 *
 * @throws VoiceError `fall-back` for what is no JSON
 */
export function parseJson(identity: ServiceIdentity, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The cause would quote the text.
    const message = `it sent something that is no JSON: ${redact(text, identity.secrets).slice(0, 80)}`;
    throw serviceError({ ...identity, category: 'fall-back', message });
  }
}
