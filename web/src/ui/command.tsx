/* A command to be typed elsewhere, whole, with a button that copies it. */
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { copyText } from './clipboard';
import { useAnnounce } from './live';
import { useWords } from './words';
import './command.css';

export function Command({ text }: { text: string }) {
  const words = useWords();
  const announce = useAnnounce();
  const [said, setSaid] = useState<string>();
  const copy = async () => {
    const sentence = words.say((await copyText(text)) ? 'common.copied' : 'common.copy_failed');
    setSaid(sentence);
    announce(sentence);
  };
  return (
    <div className="command">
      <pre className="verbatim">{text}</pre>
      <div className="actions">
        <Button spacing="compact" onClick={() => void copy()}>
          {words.say('common.copy_command')}
        </Button>
        {said && <span className="quiet">{said}</span>}
      </div>
    </div>
  );
}
