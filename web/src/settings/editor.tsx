/*
 * A plain text field whose broken places are underlined where they stand: behind the field lies the same text, invisible but
 * for its marks, and scrolls with it.
 */
import { forwardRef, useRef, type TextareaHTMLAttributes } from 'react';
import type { TextProblem } from '../api/types';
import { pieces } from './places';

interface EditorProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  value: string;
  problems: TextProblem[];
}

export const Editor = forwardRef<HTMLTextAreaElement, EditorProps>(function Editor({ value, problems, ...rest }, ref) {
  const marks = useRef<HTMLDivElement>(null);
  return (
    <div className="editor">
      <div ref={marks} className="editor-marks" aria-hidden="true">
        {pieces(value, problems).map((piece, at) => (piece.problem ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>))}
        {'\n'}
      </div>
      <textarea
        ref={ref}
        className="editor-text"
        value={value}
        spellCheck
        {...rest}
        onScroll={(event) => {
          if (marks.current) marks.current.scrollTop = event.currentTarget.scrollTop;
        }}
      />
    </div>
  );
});
