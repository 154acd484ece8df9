/*
 * What stands around a page of ours that no page of Jira's stands around: the way back there. The page's own heading, which Jira otherwise draws, is shown by
 * its style sheet.
 */
import { element, lookOnce } from './elements';
import type { Place } from './place';
import type { Say } from './words';

export function showWayBack(place: Place, say: Say): void {
  lookOnce();
  document.documentElement.dataset.alone = '';
  const way = place.project
    ? Object.assign(element('a', say('leave.back_to_project').replace('{key}', place.project)), { href: `${place.jira}/plugins/servlet/project-config/${place.project}` })
    : Object.assign(element('a', say('leave.back')), { href: `${place.jira}/` });
  const line = element('header', '', 'way-back');
  line.append(way);
  document.body.prepend(line);
}
