/** A page that shows the stream beside it, as large as the window allows. */
export function mjpegPage(title: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>
html, body { height: 100%; margin: 0; background: #111 }
img { width: 100%; height: 100%; object-fit: contain }
</style>
<img src="stream" alt="${escapeHtml(title)}">
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
