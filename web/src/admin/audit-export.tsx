import { api, type AuditFilter } from '../api/client';
import { useWords } from '../ui/words';
import { FileExport } from './file-export';

const kSays = { hint: 'audit.export_hint', begun: 'audit.export.begun', progress: 'audit.export.progress', halted: 'audit.export.halted', done: 'audit.export.done' } as const;

/** What the filters choose, as a file. */
export function AuditExport({ filter }: { filter: AuditFilter }) {
  const words = useWords();
  return (
    <FileExport
      says={kSays}
      formats={['csv', 'jsonl']}
      request={(format) => ({ format, name: `belay-audit-${words.dayOf(Date.now())}`, ask: (cursor) => api.exportAudit(filter, format, cursor) })}
    />
  );
}
