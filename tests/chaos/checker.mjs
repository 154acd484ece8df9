// The judge. Knows only the sandbox's journal (what really happened outside) and what belayd accepted: never belayd's database.

const sessionOf = ({ identity }) => {
  try {
    return JSON.parse(identity.custom_api).belay;
  } catch {
    return undefined;   // made by somebody else
  }
};
const markOf = ({ identity }) => identity['belay.session']?.id;

function add(map, key, value) {
  if (!map.has(key)) map.set(key, new Set());
  map.get(key).add(value);
}

/** What exists outside, by our session id: live codes and comments that stand; and how often anything was made. */
export function outside(journal) {
  const live = new Map();
  const comments = new Map();
  const owner = new Map();
  for (const entry of journal) {
    if (entry.kind === 'session.created') {
      const id = sessionOf(entry) ?? `foreign ${entry.object.session}`;
      owner.set(entry.object.session, id);
      add(live, id, entry.object.session);
    }
    if (entry.kind === 'session.reopened') add(live, owner.get(entry.object.session), entry.object.session);
    if (entry.kind === 'session.closed' || entry.kind === 'session.deleted') live.get(owner.get(entry.object.session))?.delete(entry.object.session);
    if (entry.kind === 'comment.created' && markOf(entry)) {
      owner.set(`comment ${entry.object.comment}`, markOf(entry));
      add(comments, markOf(entry), entry.object.comment);
    }
    if (entry.kind === 'comment.deleted') comments.get(owner.get(`comment ${entry.object.comment}`))?.delete(entry.object.comment);
  }
  return { live, comments };
}

/**
 * `accepted`: [{id, end}] with end undefined, "closed" or "cancelled": every operation that belayd said yes to.
 * Counts: lost (accepted, and what should exist does not), duplicates (more than one), orphans (something lives that should not).
 */
export function check({ journal, accepted }) {
  const { live, comments } = outside(journal);
  const problems = [];
  const counts = { lost: 0, duplicates: 0, orphans: 0 };
  const found = (kind, text) => {
    counts[kind] += 1;
    problems.push(`${kind}: ${text}`);
  };
  const known = new Set(accepted.map(({ id }) => id));
  for (const { id, end } of accepted) {
    const sessions = live.get(id)?.size ?? 0;
    const written = comments.get(id)?.size ?? 0;
    if (end) {
      if (sessions > 0) found('orphans', `${id} was ${end}, and ${sessions} of its sessions live`);
    } else if (sessions === 0) {
      found('lost', `${id} has no live session`);
    } else if (sessions > 1) {
      found('duplicates', `${id} has ${sessions} live sessions`);
    }
    if (written > 1) found('duplicates', `${id} has ${written} comments`);
    if (written === 0 && end !== 'cancelled') found('lost', `${id} has no comment`);
  }
  const unknown = (things) => [...things].filter(([id, those]) => those.size > 0 && !known.has(id));
  for (const [id, codes] of unknown(live)) found('orphans', `${[...codes].join(', ')} belongs to ${id}, which was never accepted`);
  for (const [id, written] of unknown(comments)) found('orphans', `comment ${[...written].join(', ')} belongs to ${id}, which was never accepted`);
  return { ...counts, problems };
}

/** The run's closing line. */
export function summary({ chaos, verdict, storage }) {
  const { lost, duplicates, orphans } = verdict;
  const faults = Object.values(chaos.faults).reduce((sum, count) => sum + count, 0);
  return { ops: chaos.ops, kills: chaos.kills, faults, lost, duplicates, orphans, seed: chaos.seed, storage, accepted: chaos.accepted.length };
}
