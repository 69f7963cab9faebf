import { expect, it, vi } from 'vitest';
import { loadInspector } from './offer-to-inspector.ts';

it('says what to install where the inspector is not', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  expect(await loadInspector(['file:///program.js'])).toBeUndefined();
  expect(warn.mock.calls.map(([warning]) => warning)).toEqual([
    expect.objectContaining({ code: 'SLUICE_INSPECTOR_MISSING', message: expect.stringContaining('npm install') }),
  ]);
  warn.mockRestore();
});
