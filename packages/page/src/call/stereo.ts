/**
 * Our answer, or our offer, with `stereo=1` wherever the far side sends two channels: without it the browser mixes them
 * into one (RFC 7587, 7.1).
 */
export function withStereo(own: string, remote: string): string {
  const stereo = new Set(
    sections(remote).flatMap((section) => (section.includes('sprop-stereo=1') ? [mid(section)] : [])),
  );
  return sections(own)
    .map((section) => {
      const type = /^a=rtpmap:(\d+) opus\//m.exec(section)?.[1];
      if (type === undefined || !stereo.has(mid(section)) || section.includes('stereo=1')) return section;
      return section.replace(new RegExp(`^(a=fmtp:${type} .*)$`, 'm'), (line) => `${line.trimEnd()};stereo=1\r`);
    })
    .join('');
}

function sections(sdp: string): string[] {
  return sdp.split(/(?=^m=)/m);
}

function mid(section: string): string {
  return /^a=mid:(\S+)/m.exec(section)?.[1] ?? '';
}
