/*
 * Writes into a text field as if it had been typed, so that Ctrl+Z takes it back: a value that is set by a script empties the field's
 * memory. `execCommand` is old and nothing has come in its place; every browser has it.
 */
export function typeIn(field: HTMLTextAreaElement, text: string, { start, end }: { start: number; end: number }): void {
  field.focus();
  field.setSelectionRange(start, end);
  if (document.execCommand?.(text === '' ? 'delete' : 'insertText', false, text)) return;
  field.setRangeText(text, start, end, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}
