import { view } from '@forge/bridge';
import { useEffect, useState } from 'react';

/** Which project the page stands in. */
export type Project = { key: string } | 'asking' | 'unknown';

export function useProject(): Project {
  const [project, setProject] = useState<Project>('asking');
  useEffect(() => {
    let mounted = true;
    void view
      .getContext()
      .catch(() => undefined)
      .then((context) => {
        const { key } = (context?.extension.project ?? {}) as { key?: unknown };
        if (mounted) setProject(typeof key === 'string' && key !== '' ? { key } : 'unknown');
      });
    return () => {
      mounted = false;
    };
  }, []);
  return project;
}
