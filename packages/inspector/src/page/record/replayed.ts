import { mustBeSession, readSession } from '../files/session-bytes.ts';
import { Store } from '../link/store.ts';

/** A store that holds all of a session's file. @throws Error with what is wrong with the file */
export async function replayed(file: File): Promise<Store> {
  // What is no session is not read as a whole to find that out.
  await mustBeSession(file);
  const { messages, sound } = readSession(new Uint8Array(await file.arrayBuffer()));
  const store = new Store({ keepsAll: true });
  for (const message of messages) store.take(message);
  store.sound = sound;
  store.setStatus('replay');
  return store;
}
