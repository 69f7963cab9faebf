// The list of rooms as rules of dependency-cruiser.
import { houses } from './rooms.mjs';

const TESTS = '\\.test\\.ts$';

/** What another package may import. */
const ENTRIES = '^packages/[^/]+/src/(?:(?:drawing|kernels|testing|voice|plugins|session)/)?index\\.ts$';

/** Where programs, threads and processes begin that nobody imports. */
const STARTS =
  '^packages/(?:core/src/worker/worker-main|cli/src/sluice-cli|create-sluice/src/cli|inspector/src/(?:attach/register|page/main|page/scope/player-worklet)|plugin-[^/]+/src/(?:[^/]+-(?:thread|child)|child/[^/]+-child|worker/[^/]+-worker)|page/(?:src/main|test/gallery/gallery)|recorder/src/program/room-cli|transport/src/(?:room/server/room-cli|host/child/child-entry))\\.(?:tsx?|js)$';

const rule = (name, from, to) => ({ name, severity: 'error', from, to });

const roomRules = houses.flatMap(({ folder, levels }) => {
  const within = (pattern) => `^${folder}/${pattern}`;
  return levels.flatMap((level, index) =>
    level.flatMap((room) => {
      const from = { path: within(room.files), pathNot: TESTS };
      const others = levels
        .slice(index)
        .flat()
        .filter((other) => other !== room);
      const below = levels
        .slice(0, index)
        .flat()
        .map(({ name }) => name);
      const uses = below.length === 0 ? 'no other room' : `only ${below.join(', ')}`;
      return [
        ...(others.length === 0
          ? []
          : [rule(`${folder}: ${room.name} uses ${uses}`, from, { path: others.map((other) => within(other.files)) })]),
        ...Object.entries(room.uses).map(([name, only]) =>
          rule(`${folder}: ${room.name} uses of ${name} only ${only}`, from, {
            path: within(`${name}/`),
            pathNot: within(`${name}/(?:${only})\\.ts$`),
          }),
        ),
      ];
    }),
  );
});

export const rules = [
  ...roomRules,
  rule('no circle', {}, { circular: true }),
  rule(
    'no import of the inside of another package',
    { path: '^(?:packages/([^/]+)|bench|examples)/' },
    { path: '^packages/', pathNot: ['^packages/$1/', ENTRIES] },
  ),
  rule(
    'nodes and transport do not know each other',
    { path: '^packages/(nodes|transport)/src/' },
    { path: '^packages/(?:nodes|transport)/', pathNot: '^packages/$1/' },
  ),
  rule(
    'plugins know core alone, and what those for services share, as those of others do',
    { path: '^packages/(plugin-[^/]+)/' },
    { path: '^packages/(?!core/|service/)', pathNot: '^packages/$1/' },
  ),
  rule('service knows core alone', { path: '^packages/service/' }, { path: '^packages/(?!core/|service/)' }),
  rule('core knows no other package', { path: '^packages/core/' }, { path: '^packages/(?!core/)' }),
  rule(
    'no file that nothing reaches',
    { path: [ENTRIES, STARTS] },
    { path: '^packages/[^/]+/src/', pathNot: [TESTS, '\\.d\\.ts$', ENTRIES, STARTS], reachable: false },
  ),
];
