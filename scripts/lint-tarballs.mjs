// publint for every tarball in a folder, in one process: node scripts/lint-tarballs.mjs FOLDER. Ends with status 1 and a line for
// each warning or error.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const folder = process.argv[2];
for (const name of readdirSync(folder).filter((file) => file.endsWith('.tgz'))) {
  const { buffer: tarball } = new Uint8Array(readFileSync(join(folder, name)));
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning' });
  for (const message of messages) {
    console.error(`${name}: ${formatMessage(message, pkg)}`);
    process.exitCode = 1;
  }
}
