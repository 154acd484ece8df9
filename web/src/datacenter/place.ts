/*
 * Where a page stands beside a Jira Data Center. The server wrote it into the tag of our script; of the issue the frame's own address speaks.
 */
export interface Place {
  /** Of the site in the server's configuration. */
  site: string;
  /** panel, admin, account, sessions, project. */
  page: string;
  /** Where Jira is, its context path included. */
  jira: string;
  signIn: 'oauth' | 'typed';
  issue?: { id: string; key: string };
  /** Its key, on the page of a project's settings. */
  project?: string;
  /** What the page is told behind its address: "/finish/…". */
  at: string;
}

const kId = /^[0-9]{1,20}$/;
const kProject = /^[A-Z][A-Z0-9_]{0,254}$/;
const kKey = /^[A-Z][A-Z0-9_]{0,63}-[1-9][0-9]{0,17}$/;

export function placeOf(script: { dataset: DOMStringMap }, search: string): Place {
  const { site = '', page = '', jira = '', signIn } = script.dataset;
  const asked = new URLSearchParams(search);
  const id = asked.get('issue') ?? '';
  const key = asked.get('key') ?? '';
  const project = asked.get('project') ?? '';
  return {
    site,
    page,
    jira,
    signIn: signIn === 'typed' ? 'typed' : 'oauth',
    at: asked.get('at') ?? '',
    ...(kId.test(id) ? { issue: { id, key: kKey.test(key) ? key : '' } } : {}),
    ...(kProject.test(project) ? { project } : {}),
  };
}

/** Under which everything of the site is at our server. */
export const folderOf = (place: Place): string => `/datacenter/${place.site}`;
