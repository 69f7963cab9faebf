import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '@sluice/core';

const LONGEST_NAME = 40;

/** Letters and digits of what anybody may have chosen, so that it can stand in a file name; empty if there are none. */
export function fileNamePart(text: string): string {
  const plain = text.normalize('NFKD').toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '');
}

/** The folder of one recording, and the names in it. */
export class RecordingFolder {
  readonly path: string;
  #files = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes `<root>/<room>/<time>-<recording>`.
   *
   * @throws `SLUICE_FILE_WRITE` if that cannot be
   */
  static async create(root: string, room: string, startedAt: Date, recordingId: string): Promise<RecordingFolder> {
    const time = startedAt.toISOString().slice(0, 19).replaceAll(':', '-');
    const path = join(root, fileNamePart(room) || 'room', `${time}-${fileNamePart(recordingId) || 'recording'}`);
    try {
      await mkdir(path, { recursive: true });
    } catch (cause) {
      throw new SluiceError('SLUICE_FILE_WRITE', 'the folder of a recording cannot be made', {
        received: path,
        fix: 'Give the recorder a folder that it may write in',
        cause,
      });
    }
    return new RecordingFolder(path);
  }

  /** A name that no other file here has: a number, who it is, what it is. */
  name(who: string, what: string, extension: string): string {
    const number = String(++this.#files).padStart(2, '0');
    return `${[number, fileNamePart(who), fileNamePart(what)].filter((part) => part !== '').join('-')}.${extension}`;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes what tells of the recording: whole or not at all. */
  async writeManifest(manifest: object): Promise<void> {
    const path = this.file('recording.json');
    await writeFile(`${path}.part`, `${JSON.stringify(manifest, null, 2)}\n`);
    await rename(`${path}.part`, path);
  }
}
