import { describe, expect, it } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

describe('sluice explain', () => {
  it('says what a code means and what to do', async () => {
    const { code, out } = await typed(['explain', 'SLUICE_LINK_FORMAT']);
    expect(code).toBe(0);
    expect(out).toBe(
      'SLUICE_LINK_FORMAT (Core)\n\nTwo ports with unlike formats cannot be linked.\n\nPut the operator that the message names between them. A graph puts `resample`, `remix` and `convertColor` there by itself, where both ends allow it.\n\ndocs/errors.md#sluice_link_format\n',
    );
    expect(await typedJson(['explain', 'link_format'])).toMatchObject({
      ok: true,
      command: 'explain',
      result: { code: 'SLUICE_LINK_FORMAT', area: 'Core', docs: 'docs/errors.md#sluice_link_format' },
      problems: [],
      next: 'sluice docs errors',
    });
  });

  it('refuses a code that does not exist, with the nearest', async () => {
    expect(await typedJson(['explain', 'link-fromat'])).toMatchObject({
      code: 2,
      ok: false,
      problems: [{ code: 'SLUICE_CLI_USAGE', message: expect.stringContaining('did you mean SLUICE_LINK_FORMAT?') }],
    });
  });
});
