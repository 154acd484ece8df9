/* What the customer sees of their own sessions on this request, as it stands now. */
import { api } from '../api/client';
import type { RequestAnswer } from '../api/types';
import { usePolled, type Polled } from '../ui/use-polled';

export const useRequest = (): Polled<RequestAnswer> => usePolled(api.getRequest);
