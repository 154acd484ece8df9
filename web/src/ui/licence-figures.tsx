import type { Licence } from '../api/types';
import { isolated, useWords, type Key } from './words';
import './licence-figures.css';

/** What the reason says of the account; of the rest nothing is known here. */
const figures: Partial<Record<NonNullable<Licence['reason']>, Key>> = { free: 'licence.figure.not_paid', inactive: 'licence.figure.not_active' };

/** An account's own figures, beside the reason why its licence is not accepted. */
export function LicenceFigures({ licence, account }: { licence: Licence; account: string | undefined }) {
  const words = useWords();
  const figure = licence.reason && figures[licence.reason];
  return (
    <ul className="figures">
      {account && <li>{words.say('licence.figure.account', { name: isolated(account) })}</li>}
      <li>{words.say('licence.figure.type', { type: licence.type ?? words.say('licence.unnamed') })}</li>
      {figure && <li>{words.say(figure)}</li>}
    </ul>
  );
}
