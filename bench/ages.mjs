// How old that is what panels show of people: by what the sandbox told, and when. What belayd says of it is judged by this.

/** A panel says an age in steps of so many seconds, and none below the first. */
const step = 10;
// Of a second: belayd counts from when it asked, the sandbox says when it answered.
const close = 1;

const numberOf = (id) => Number(id.split('-').at(-1));
const addressOf = (number) => `person.${number}@crowd.example`;

/** Of one answer of a panel, what judge() needs: [[number, age told]] of everybody of whom a presence is shown. */
export const shownBy = (body) => JSON.parse(body).people.filter(({ presence }) => presence).map(({ id, presenceAge = 0 }) => [numberOf(id), presenceAge]);

/**
 * When TeamViewer told of whom. A list that was asked for without addresses tells of everybody, and one contact, asked for by id, of everybody too: so nobody
 * is held for older than they are.
 */
function toldOf(calls) {
  const everybody = [];
  const each = new Map();
  for (const { party, method, path, query, status, end } of calls) {
    if (party !== 'teamviewer' || method !== 'GET' || status !== 200 || !path.includes('/contacts')) continue;
    const asked = Object.fromEntries(query).email;
    if (asked === undefined) everybody.push(end);
    else for (const address of asked.split(',')) each.set(address, [...(each.get(address) ?? []), end]);
  }
  return (number, at) => Math.max(-Infinity, ...[...everybody, ...(each.get(addressOf(number)) ?? [])].filter((end) => end <= at));
}

/**
 * `lines`: [{asked (ms), answered, shown}] of panels, `calls` with their queries. The oldest presence that was shown, whose it was, and of how many people it ever
 * was older than `most` seconds; and the line that told most too little: its age, and the age it told. All in whole seconds. What was told while the panel waited
 * is not old, however long that took.
 */
export function judge(lines, calls, { most = Infinity } = {}) {
  const last = toldOf(calls);
  const oldest = new Map();
  let lie = { by: -Infinity, age: 0, told: 0 };
  for (const { asked, answered, shown } of lines) {
    for (const [number, told] of shown) {
      const age = Math.max(0, (asked - last(number, answered)) / 1000);
      oldest.set(number, Math.max(oldest.get(number) ?? 0, age));
      if (age - told > lie.by) lie = { by: age - told, age, told };
    }
  }
  const [who, age] = [...oldest].reduce((one, other) => (other[1] > one[1] ? other : one), [undefined, 0]);
  return {
    age: Math.floor(age), who: who === undefined ? 'nobody' : addressOf(who), people: oldest.size, tooOld: [...oldest.values()].filter((one) => Math.floor(one) > most).length,
    lie: { age: Math.floor(lie.age), told: lie.told, isOne: lie.by >= step + close },
  };
}

/** The goal that a line tells its age: "10 s" is 10 to 20. */
export const ageTold = (figure, { lie }) => figure('age of a line and what it told', lie.age, 's', { shown: `${lie.age} told as ${lie.told}`, limit: `< ${step} more than told`, reached: !lie.isOne });
