/** Hands the reader a file: the browser puts it where it puts downloads. Forge lets its frames do so. */
export function saveFile(name: string, type: string, parts: string[]): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser has taken it by the next turn.
  window.setTimeout(() => URL.revokeObjectURL(address), 0);
}
