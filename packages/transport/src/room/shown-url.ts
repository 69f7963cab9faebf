/** A meeting URL as messages may show it, which end in logs: without user, query and fragment, in which secrets stand. */
export function shownMeetingUrl(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([^/]*\/\/)[^/]*@/, '$1');
}
