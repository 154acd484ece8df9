import type { Presence } from '../api/types';

/** Presence in Atlaskit's words. It has none for somebody who is away; “focus” is the nearest that is not red. */
export const presences = { online: 'online', away: 'focus', busy: 'busy', offline: 'offline' } as const satisfies Record<Presence, string>;
