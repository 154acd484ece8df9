/*
 * What a server gives in pieces as one file: an answer through Forge has a limit. It can be stopped, and goes on where it was when a piece did
 * not come.
 */
import { useEffect, useRef, useState } from 'react';
import type { Failure, Result } from '../api/client';
import { saveFile } from '../ui/save-file';

/** Spreadsheets take a file for one of their own old alphabets unless it begins so. */
const kByteOrderMark = '\ufeff';
const kTypes = { csv: 'text/csv;charset=utf-8', jsonl: 'application/jsonl;charset=utf-8', json: 'application/json;charset=utf-8' };
export type FileFormat = keyof typeof kTypes;
/** Of a list: a line for each thing in it. */
export type ListFormat = Exclude<FileFormat, 'json'>;

interface Piece {
  text: string;
  count: number;
  /** In the first piece. */
  total?: number | undefined;
  next?: string | undefined;
  namesMissing?: string | undefined;
}

export interface FileRequest {
  ask: (cursor: string | undefined) => Promise<Result<Piece>>;
  /** Without its ending. */
  name: string;
  format: FileFormat;
}

export type ExportState =
  | { kind: 'none' | 'stopped' }
  | { kind: 'running'; count: number; total: number | undefined }
  | { kind: 'halted'; count: number; total: number | undefined; failure: Failure }
  | { kind: 'done'; count: number; file: string; namesMissing: boolean };

export interface FileExport {
  state: ExportState;
  begin: (request: FileRequest) => void;
  goOn: () => void;
  stop: () => void;
}

interface Job {
  request: FileRequest;
  parts: string[];
  count: number;
  total: number | undefined;
  next: string | undefined;
  namesMissing: boolean;
}

export function useFileExport(): FileExport {
  const [state, setState] = useState<ExportState>({ kind: 'none' });
  const current = useRef<Job>();

  const run = async (job: Job) => {
    current.current = job;
    const { ask, name, format } = job.request;
    for (;;) {
      setState({ kind: 'running', count: job.count, total: job.total });
      const answer = await ask(job.next);
      if (current.current !== job) return;
      if (!answer.ok) return setState({ kind: 'halted', count: job.count, total: job.total, failure: answer.failure });
      const { text, count, total, next, namesMissing } = answer.value;
      job.parts.push(text);
      job.count += count;
      job.total = total ?? job.total;
      job.next = next;
      job.namesMissing ||= namesMissing !== undefined;
      if (next === undefined) break;
    }
    current.current = undefined;
    const file = `${name}.${format}`;
    saveFile(file, kTypes[format], format === 'csv' ? [kByteOrderMark, ...job.parts] : job.parts);
    setState({ kind: 'done', count: job.count, file, namesMissing: job.namesMissing });
  };

  useEffect(() => () => void (current.current = undefined), []);

  return {
    state,
    begin: (request) => void run({ request, parts: [], count: 0, total: undefined, next: undefined, namesMissing: false }),
    goOn: () => current.current && void run(current.current),
    stop: () => {
      current.current = undefined;
      setState({ kind: 'stopped' });
    },
  };
}
