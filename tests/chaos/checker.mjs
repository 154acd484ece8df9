// The judge. Knows only the sandbox's journal (what really happened outside) and what belayd accepted: never belayd's database.

const madeFor = ({ identity }) => {
  try {
    return JSON.parse(identity.custom_api).belay;
  } catch {
    return undefined;   // made by somebody else
  }
};
/** Belay's comments, by the property that each of them carries. */
const purposes = { 'belay.session': 'invitation', 'belay.report': 'report', 'belay.waiting': 'waiting' };

/** Things of one kind outside, by our session's id: how often one was made, and those that stand. */
class Things {
  #byId = new Map();
  #owner = new Map();

  of(id) {
    if (!this.#byId.has(id)) this.#byId.set(id, { made: new Map(), standing: new Map() });
    return this.#byId.get(id);
  }
  /** `time`: the how manyeth that was asked for; each of them is made once. */
  make(id, object, state, time = 1) {
    const { made, standing } = this.of(id);
    made.set(time, (made.get(time) ?? 0) + 1);
    this.#owner.set(object, id);
    standing.set(object, state);
  }
  put(object, state) {
    const id = this.#owner.get(object);
    if (id !== undefined) this.of(id).standing.set(object, state);
  }
  remove(object) {
    this.#byId.get(this.#owner.get(object))?.standing.delete(object);
  }
  ownerOf(object) { return this.#owner.get(object); }
  /** All that were ever made for it. */
  objectsOf(id) { return [...this.#owner].filter(([, owner]) => owner === id).map(([object]) => object); }
  mostMade(id) { return Math.max(0, ...this.of(id).made.values()); }
  standing(id) { return [...this.of(id).standing.values()]; }
  get count() { return [...this.#byId.values()].flatMap(({ made }) => [...made.values()]).reduce((sum, times) => sum + times, 0); }
  /** [id, the things that stand] of ids that are not among `known`. */
  unknown(known) { return [...this.#byId].filter(([id, { standing }]) => standing.size > 0 && !known.has(id)).map(([id, { standing }]) => [id, [...standing.keys()]]); }
}

/** What there is outside after all of the journal. */
export function outside(journal) {
  const world = { session: new Things(), invitation: new Things(), report: new Things(), waiting: new Things(), worklog: new Things(), told: [], connected: new Map(), grants: new Map(), properties: new Map() };
  const connected = (code, seconds) => {
    const id = world.session.ownerOf(code);
    if (id !== undefined) world.connected.set(id, (world.connected.get(id) ?? 0) + seconds);
  };
  const happenings = {
    'session.created': (entry) => world.session.make(madeFor(entry) ?? `foreign ${entry.object.session}`, entry.object.session, true),
    'session.reopened': ({ object }) => world.session.put(object.session, true),
    'session.closed': ({ object }) => world.session.remove(object.session),
    'session.deleted': ({ object }) => world.session.remove(object.session),
    // What a supporter did there, in seconds; nothing else says what a report has to say.
    'record.added': ({ object, more }) => connected(object.session, more.seconds ?? 0),
    'supporter.disconnected': ({ object, more }) => connected(object.session, more.seconds),
    'comment.created': ({ identity, object, more }) => {
      for (const [property, purpose] of Object.entries(purposes)) {
        const mark = identity[property];
        if (!mark?.id) continue;
        world[purpose].make(mark.id, object.comment, more.text ?? '', mark.sending);
        if (purpose !== 'invitation' && more.public) world.told.push(`${purpose} ${object.comment} of ${mark.id}`);
      }
    },
    'comment.edited': ({ object, more }) => Object.values(purposes).forEach((purpose) => world[purpose].put(object.comment, more.text ?? '')),
    'comment.deleted': ({ object }) => Object.values(purposes).forEach((purpose) => world[purpose].remove(object.comment)),
    'worklog.created': ({ identity, object, more }) => identity['belay.session']?.id && world.worklog.make(identity['belay.session'].id, object.worklog, more.seconds),
    'worklog.edited': ({ object, more }) => world.worklog.put(object.worklog, more.seconds),
    'worklog.deleted': ({ object }) => world.worklog.remove(object.worklog),
    'issue_property.set': ({ object, more }) => object.property === 'belay' && world.properties.set(object.issueKey, more.value),
    'token.issued': ({ object, account }) => world.grants.set(object.grant, `${account} to ${object.app}`),
    'token.revoked': ({ object }) => world.grants.delete(object.grant),
  };
  for (const entry of journal) happenings[entry.kind]?.(entry);
  return world;
}

const saysMinutes = (text, minutes) => new RegExp(`(?<!\\d)${minutes} min\\b`).test(text);

/**
 * `accepted`: every operation that belayd said yes to, as [{id, issue, end, announced, late, report, place}]:
 * - `issue`: its key. What the property of the issue counts is looked at where this is given.
 * - `end`: undefined (it lives), closed, replaced, expired, cancelled (before it was made: nobody was to hear of it), unlinked or gone (its account was
 *   disconnected, its issue deleted, at any moment of its making; `announced`: after its invitation was written).
 * - `told`: the customer waited, and the agent had to be told.
 * - `late`: which of session, comment, waiting, report and worklog had a request that the run itself let be carried out late. Of these alone may
 *   a second one have been made, which has to be gone; any other second one could have been found, and was made without need.
 * - `report`: "once" where what came of it has to be on the issue, "maybe" where it may; `place`: "comment" or "invitation".
 *
 * Counts: lost (accepted, and what should exist does not), duplicates (more than one), orphans (something is there that should not be).
 */
export function check({ journal, accepted }) {
  const world = outside(journal);
  const problems = [];
  const counts = { lost: 0, duplicates: 0, orphans: 0 };
  const found = (kind, text) => {
    counts[kind] += 1;
    problems.push(`${kind}: ${text}`);
  };
  for (const one of accepted) {
    const { id } = one;
    checkSession(world, one, found);
    checkInvitation(world, one, found);
    checkReport(world, one, found);
    checkWaiting(world, one, found);
  }
  for (const issue of new Set(accepted.map((one) => one.issue).filter(Boolean))) checkProperty(world, issue, accepted.filter((one) => one.issue === issue), found);
  const known = new Set(accepted.map(({ id }) => id));
  for (const [id, codes] of world.session.unknown(known)) found('orphans', `${codes.join(', ')} belongs to ${id}, which was never accepted`);
  for (const kind of ['invitation', 'report', 'waiting']) {
    for (const [id, written] of world[kind].unknown(known)) found('orphans', `comment ${written.join(', ')} belongs to ${id}, which was never accepted`);
  }
  for (const one of world.told) found('orphans', `${one} is for everybody to read`);
  for (const [id, written] of world.worklog.unknown(known)) found('orphans', `worklog ${written.join(', ')} belongs to ${id}, which was never accepted`);
  // An account that was disconnected and connected again gave the first grant back.
  for (const whose of new Set(world.grants.values())) {
    const live = [...world.grants].filter(([, other]) => other === whose).map(([grant]) => grant);
    if (live.length > 1) found('orphans', `${live.length} grants of ${whose} live: ${live.join(', ')}`);
  }
  return { ...counts, problems, effects: effectsOf(world) };
}

function checkSession(world, { id, end, late = [] }, found) {
  const live = world.session.standing(id).length;
  const made = world.session.mostMade(id);
  if (end && live > 0) found('orphans', `${id} was ${end}, and ${live} of its sessions live`);
  else if (!end && live === 0) found('lost', `${id} has no live session`);
  else if (!end && live > 1) found('duplicates', `${id} has ${live} live sessions`);
  else if (made > 1 && !late.includes('session')) found('duplicates', `${id} was made ${made} times, and the first could have been found`);
}

function checkInvitation(world, { id, end, announced = true, late = [] }, found) {
  const written = world.invitation.standing(id).length;
  const made = world.invitation.mostMade(id);
  if (end === 'cancelled') {
    // Nobody was to hear of it.
    if (written > 0) found('orphans', `${id} was cancelled, and ${written} of its comments stand`);
  } else if (written > 1) {
    found('duplicates', `${id} has ${written} comments`);
  } else if (written === 0 && announced) {
    found('lost', `${id} has no comment`);
  } else if (made > 1 && !late.includes('comment')) {
    found('duplicates', `${id} was announced ${made} times, and the first could have been found`);
  }
  // With the issue its comments went too.
  if (!end || end === 'cancelled' || end === 'gone') return;
  const links = world.session.objectsOf(id).map((code) => `/${code.replaceAll('-', '')}`);
  const [said = ''] = world.invitation.standing(id);
  if (links.some((link) => said.includes(link))) found('lost', `${id} was ${end}, and its invitation still has the link: “${said}”`);
}

/** `on`: all that was accepted on this issue. */
function checkProperty(world, issue, on, found) {
  if (on.some(({ end }) => end === 'gone')) return;
  const value = world.properties.get(issue);
  const open = on.filter(({ end }) => !end).length;
  if (!value) {
    if (open > 0) found('lost', `the property of ${issue} was never written`);
    return;
  }
  if (value.open !== open) found('lost', `the property of ${issue} says that ${value.open} sessions are open, and it is ${open}`);
  // Of those that were cancelled, or whose account went while they were made, some were made and some were not.
  const made = on.filter(({ end, announced }) => end !== 'cancelled' && announced !== false).length;
  if (value.sessions < made || value.sessions > on.length) found('lost', `the property of ${issue} counts ${value.sessions} sessions, and ${made} of ${on.length} were surely made`);
  if (on.some(({ report }) => report === 'maybe')) return;
  const seconds = on.filter(({ report }) => report === 'once').reduce((sum, { id }) => sum + (world.connected.get(id) ?? 0), 0);
  if (value.minutes !== Math.floor(seconds / 60)) found('lost', `the property of ${issue} says ${value.minutes} min, and ${seconds} s were connected`);
}

function checkReport(world, { id, end, report, place = 'comment', late = [] }, found) {
  const reports = world.report.standing(id);
  const worklogs = world.worklog.standing(id);
  if (!end || end === 'cancelled') {
    if (reports.length > 0) found('orphans', `${id} ${end ? `was ${end}` : 'lives'}, and ${reports.length} reports of it stand`);
    if (worklogs.length > 0) found('orphans', `${id} ${end ? `was ${end}` : 'lives'}, and ${worklogs.length} worklogs of it stand`);
    return;
  }
  const second = (kind, things, many, again) => {
    if (things.length > 1) found('duplicates', `${id} has ${things.length} ${many}`);
    else if (world[kind].mostMade(id) > 1 && !late.includes(kind)) found('duplicates', `${id} was ${again} ${world[kind].mostMade(id)} times, and the first could have been found`);
  };
  second('report', reports, 'reports', 'reported');
  second('worklog', worklogs, 'worklogs', 'booked as work');
  if (report !== 'once') return;

  const seconds = world.connected.get(id);
  if (place === 'comment') {
    if (reports.length === 0) found('lost', `${id} has no report`);
    else if (seconds ? !saysMinutes(reports[0], seconds / 60) : !reports[0].includes('nobody connected')) {
      found('lost', `the report of ${id} says “${reports[0]}”, and ${seconds ? `${seconds / 60} min` : 'nobody'} were connected`);
    }
  } else {
    const [said = ''] = world.invitation.standing(id);
    if (!seconds && !/nobody connected/i.test(said)) found('lost', `the invitation of ${id} does not say that nobody connected, but “${said}”`);
    if (seconds && !saysMinutes(said, seconds / 60)) found('lost', `the invitation of ${id} does not say that ${seconds / 60} min were connected, but “${said}”`);
  }
  if (!seconds) {
    if (worklogs.length > 0) found('orphans', `nobody was connected in ${id}, and ${worklogs.length} worklogs of it stand`);
  } else if (worklogs.length === 0) {
    found('lost', `${id} has no worklog`);
  } else if (worklogs[0] !== seconds) {
    found('lost', `the worklog of ${id} says ${worklogs[0]} s, and ${seconds} s were connected`);
  }
}

function checkWaiting(world, { id, told = false, late = [] }, found) {
  const standing = world.waiting.standing(id).length;
  const made = world.waiting.mostMade(id);
  if (standing > 1) found('duplicates', `${id} has ${standing} comments on waiting`);
  else if (made > 1 && !late.includes('waiting')) found('duplicates', `${id}: the agent was told ${made} times that the customer waits`);
  else if (told && standing === 0) found('lost', `${id}: nobody was told that the customer waits`);
}

function effectsOf(world) {
  const made = ({ count }) => count;
  return { sessions: made(world.session), invitations: made(world.invitation), reports: made(world.report), worklogs: made(world.worklog), waiting: made(world.waiting) };
}

/** The run's closing line. */
export function summary({ chaos, verdict, storage }) {
  const { lost, duplicates, orphans, effects } = verdict;
  const faults = Object.values(chaos.faults).reduce((sum, count) => sum + count, 0);
  return {
    ops: chaos.ops, operations: chaos.operations, kills: chaos.kills, cancelled: chaos.cancelled, faults, events: chaos.relay.told, lost, duplicates, orphans, seed: chaos.seed, storage,
    accepted: chaos.accepted.length, effects,
  };
}
