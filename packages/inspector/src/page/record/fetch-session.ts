/** The session that the page's own server has. @throws Error with what the server said */
export async function fetchSession(token: string): Promise<File> {
  const answer = await fetch('/session', { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`the session cannot be read (${answer.status})`);
  return new File([await answer.blob()], 'The session');
}
