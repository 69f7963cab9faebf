#!/usr/bin/env node
// Before anything is imported that an older Node cannot read.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 20 || (major === 20 && minor >= 19)) {
  await import('../dist/sluice-cli.js');
} else {
  process.stderr.write(`sluice needs Node 20.19 or newer, and this is ${process.versions.node}: nvm install 22\n`);
  process.exitCode = 3;
}
