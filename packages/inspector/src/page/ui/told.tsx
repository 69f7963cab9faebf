/** One thing that is said, where there is nothing else to show. */
export function Told({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <main class="told">
      <h1>{title}</h1>
      <p role="status">{text}</p>
    </main>
  );
}
