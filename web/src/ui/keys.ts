import type { KeyboardEvent } from 'react';

/** Escape that is meant for the page: not the one that ends the composing of a character, as in Japanese or Chinese. */
export const isEscape = ({ key, nativeEvent }: KeyboardEvent): boolean => key === 'Escape' && !nativeEvent.isComposing;
