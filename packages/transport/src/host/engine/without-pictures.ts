import { split } from './session-description.ts';

/**
 * The description with its sections of pictures refused: port 0, and out of their groups. Whatever is sent on them all the same has no
 * receiver in the engine, which decodes what comes on a section that is merely inactive.
 */
export function withoutPictures(sdp: string): string {
  const { session, media } = split(sdp);
  const refused = new Set(media.filter(isPictures).map((section) => /^a=mid:(.*)\r$/m.exec(section)?.[1]));
  const groups = session.replace(/^(a=group:\S+)(.*)\r$/gm, (_, head: string, mids: string) => {
    const kept = mids.split(' ').filter((mid) => mid !== '' && !refused.has(mid));
    return `${[head, ...kept].join(' ')}\r`;
  });
  return (
    groups +
    media.map((section) => (isPictures(section) ? section.replace(/^m=video \d+/, 'm=video 0') : section)).join('')
  );
}

function isPictures(section: string): boolean {
  return section.startsWith('m=video ');
}
