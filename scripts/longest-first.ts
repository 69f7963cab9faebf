// The order of test files: those that take longest begin, so that two workers end together. A fresh clone has no record of how
// long each took, and vitest then begins with the largest files, which says little.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Each took more than 15 s on two idle cores, the longest first. */
const longest = [
  'packages/create-sluice/test/try-plugin.test.ts',
  'packages/plugin-soundswallower/test/rejection.test.ts',
  'test/docs/site.test.ts',
  'test/fuzz/targets.test.ts',
  'test/faults/catalogue.test.ts',
  'packages/transport/src/host/child/child-host.integration.test.ts',
  'packages/transport/test/janus-faults.test.ts',
  'examples/demo/smoke.test.ts',
  'packages/transport/src/host/engine/in-process-host.integration.test.ts',
  'packages/inspector/test/page/scenes.test.ts',
  'examples/panel/smoke.test.ts',
  'packages/create-sluice/test/templates.test.ts',
  'packages/transport/test/room-faults.test.ts',
  'packages/transport/test/media-cuts.test.ts',
  'examples/voice-agent-openai/smoke.test.ts',
  'packages/transport/test/odd-rtp.test.ts',
  'packages/transport/test/relay.test.ts',
  'packages/transport/test/whip-restart.test.ts',
  'test/fenced-call.test.ts',
  'test/daily/conformance.test.ts',
  'packages/plugin-soundswallower/test/soundswallower.test.ts',
  'packages/transport/test/video-call.test.ts',
  'examples/voice-agent-realtime/smoke.test.ts',
  'packages/transport/test/room-server-limits.test.ts',
  'packages/transport/test/call-events.test.ts',
  'packages/scenario/test/command.test.ts',
  'packages/scenario/test/real-call.test.ts',
  'examples/phone-agent/smoke.test.ts',
  'examples/avatar/smoke.test.ts',
  'test/pains/processes.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config;
    const gone = longest.filter((file) => !existsSync(`${root}/${file}`));
    if (gone.length > 0) throw new Error(`scripts/longest-first.ts names what there is no more: ${gone.join(', ')}`);
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.indexOf(relative(root, moduleId));
      return place < 0 ? longest.length : place;
    };
    // Groups of projects and their projects keep their order.
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    const place = ({ project }: TestSpecification) => projects.indexOf(project);
    return sorted.toSorted((a, b) => place(a) - place(b) || rank(a) - rank(b));
  }
}
