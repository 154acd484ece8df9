/* How long a session may be valid: the choices of the forms that ask. Minutes. */
import type { Choice } from '../ui/field';
import type { Words } from '../ui/words';

const kValidities = [15, 60, 240, 480, 1440, 4320, 10080];

/** Those that everybody is offered, and the admin's own where it is another. */
export const validityChoices = (usual: number, words: Words): Choice<string>[] =>
  [...new Set([...kValidities, usual])].sort((a, b) => a - b).map((minutes) => ({ value: String(minutes), label: words.duration(minutes) }));
