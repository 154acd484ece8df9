/* What somebody waits on in this project, as it stands now. */
import { api } from '../api/client';
import type { Queue } from '../api/types';
import { usePolled, type Polled } from '../ui/use-polled';

export const useQueue = (): Polled<Queue> => usePolled(api.getQueue);
