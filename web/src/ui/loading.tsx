import Spinner from '@atlaskit/spinner';
import { useWords } from './words';

export function Loading() {
  const words = useWords();
  return (
    <div className="loading" role="status">
      <Spinner size="medium" label={words.say('common.loading')} />
    </div>
  );
}
