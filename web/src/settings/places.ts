/*
 * The server counts places in Unicode code points, a browser's text field in UTF-16 units. These functions go between the two.
 */
import type { TextProblem } from '../api/types';

export interface Piece {
  text: string;
  problem?: TextProblem;
}

const codePoints = (text: string): string[] => [...text];

/** Where a problem stands, in UTF-16 units, for a selection. */
export function unitRange(text: string, { offset, length }: TextProblem): { start: number; end: number } {
  const points = codePoints(text);
  const start = points.slice(0, offset).join('').length;
  return { start, end: start + points.slice(offset, offset + length).join('').length };
}

/** The text in pieces, with the broken ones marked. Problems of the whole text (length 0) mark nothing. */
export function pieces(text: string, problems: TextProblem[]): Piece[] {
  const points = codePoints(text);
  const result: Piece[] = [];
  let at = 0;
  for (const problem of [...problems].filter(({ length }) => length > 0).sort((a, b) => a.offset - b.offset)) {
    if (problem.offset < at || problem.offset >= points.length) continue;
    if (problem.offset > at) result.push({ text: points.slice(at, problem.offset).join('') });
    const end = problem.offset + problem.length;
    result.push({ text: points.slice(problem.offset, end).join(''), problem });
    at = end;
  }
  if (at < points.length) result.push({ text: points.slice(at).join('') });
  return result;
}
