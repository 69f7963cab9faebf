import { inTime, type ServiceContext } from './in-time.ts';

/** What a service says of its refusal is of help, but not worth waiting for; in milliseconds. */
const MOST_MS = 500;

/** The text of a refusal, or none where it does not come at once: that it says nothing is no other fault. */
export async function faultText(context: ServiceContext, reading: Promise<string>): Promise<string> {
  try {
    return await inTime(context, MOST_MS, reading, () => new Error('late'));
  } catch {
    return '';
  }
}
