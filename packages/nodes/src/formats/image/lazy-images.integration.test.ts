import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const built = fileURLToPath(new URL('../../../dist/index.js', import.meta.url));

it('loads libvips with the first image, not with the package', async () => {
  const program = `
    const loaded = () => process.report.getReport().sharedObjects.some((path) => path.includes('vips'));
    const { fromImage } = await import(${JSON.stringify(built)});
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>';
    const source = fromImage(Buffer.from(svg), { frames: 1 });
    const before = loaded();
    await new Promise((complete, error) => source.subscribe({ complete, error }));
    console.log(JSON.stringify([before, loaded()]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(JSON.parse(stdout)).toEqual([false, true]);
});
