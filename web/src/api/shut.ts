import type { Failure } from './client';

const kShut: ReadonlySet<Failure['code']> = new Set(['not_found', 'forbidden', 'not_paired']);

/** The server knows, and it is no: what was shown is nothing that the reader may see or use any more. */
export const isShut = ({ code }: Failure): boolean => kShut.has(code);
