// What is under way when trouble comes: a session that is made, closed, replaced, waited in, reported, whose time passes, or that is taken away with its account or
// with its issue.
//
// A scene is prepared in quiet times. Then come its own fault rules (`rules`) beside those of the trouble, `begin()`, the trouble, and `end()`, which
// returns when everything has come as it has to, and `afterwards()`, when nothing is disturbed any more. `accepted`: belayd said yes to all that was asked
// for; `first()`: the session whose mark it is, once it is asked for. In between, where belayd is killed, run `beforeKill()`, `beforeStart()` and `afterStart()`. `mark`, `late`, `id`, `code`: of the session that the trouble is about (windows.mjs, disturbances.mjs).
import { until } from '../harness/wait.mjs';
import { holding, provider } from './rules.mjs';

const kShortest = 15;   // minutes
const nothing = async () => {};

/** One to three sessions asked for at the same time, one of them perhaps in the place of another, and one perhaps cancelled while it is made. */
async function create(chaos, trouble) {
  const { dice } = chaos;
  const isWindow = chaos.isWindow(trouble);
  const only = trouble?.before ? { agent: dice.pick(chaos.agents) } : {};   // what is looked up before, is looked up once an account
  const wishes = Array.from({ length: dice.between(1, 3) }, () => chaos.wish(only));
  if (dice.chance(0.25)) wishes[0] = await chaos.wishInPlace(only);
  // In each window every second time, beginning with the first.
  const cancels = isWindow ? chaos.kills[trouble.name] % 2 === 0 : dice.chance(0.3);
  const inTheWindow = dice.chance(0.5) || (isWindow && chaos.kills[trouble.name] === 0);
  const before = cancels && inTheWindow && !trouble?.locked;
  let [victim] = wishes;
  const rules = [];
  if (cancels && isWindow && !trouble.cancellable) {
    // The first is made already and cannot be cancelled any more: one more is, which is still on its way, since its create request is held.
    victim = chaos.wish(only);
    wishes.push(victim);
    const moment = dice.pick(['before', 'after']);
    if (moment === 'before') victim.late.add('session');
    rules.push(holding('cancelled', moment, provider('POST', '**/sessions', { bodyHas: victim.mark })));
  }
  const asked = new Map();
  let made = [];
  const cancel = async () => {
    if (await chaos.cancel(await asked.get(victim))) chaos.cancelled[isWindow ? trouble.name : 'elsewhere'] += 1;
  };
  return {
    rules,
    mark: wishes[0].mark,
    late: wishes[0].late,
    begin() {
      for (const wish of wishes) asked.set(wish, chaos.ask(wish));
      this.accepted = Promise.all(asked.values()).then((all) => { made = all; });
    },
    first: () => asked.get(wishes[0]),
    beforeKill: before ? cancel : nothing,
    // What nobody could change before the kill is changed at once after it, unless it is not found yet.
    beforeStart: cancels && trouble?.locked ? () => chaos.sandbox.faults([{ ...holding('look', 'before', provider('GET', '**/sessions')), times: 20 }, ...rules]) : nothing,
    afterStart: cancels && !before ? cancel : nothing,
    undisturbed: cancels ? cancel : nothing,
    async end() {
      await Promise.all(made.filter(({ end }) => !end).map((one) => chaos.madeAndWritten(one)));
    },
  };
}

async function close(chaos) {
  const one = await chaos.standing();
  return {
    ...one.here,
    begin() { this.accepted = chaos.close(one); },
    end: () => chaos.closedThere(one),
  };
}

/** Somebody joins the session that was made in place of another, which is then closed. */
async function replace(chaos) {
  const old = await chaos.standing({ apart: true });
  const fresh = await chaos.madeAndWritten(await chaos.ask(await chaos.wishInPlace({ old })));
  return {
    ...old.here,
    begin() {
      old.end = 'replaced';
      old.report = 'once';
      this.accepted = chaos.join(fresh);
    },
    async end() {
      await chaos.when(fresh, 'somebody is there', ({ state }) => state === 'customer_present', { seconds: 10 });
      await chaos.closedThere(old);
      fresh.replaces = undefined;
      await chaos.leave(fresh);
    },
  };
}

/** The customer is there, and the agent is told so on the issue. */
async function wait(chaos) {
  const one = await chaos.standing({ place: 'comment', apart: true });
  return {
    ...one.here,
    begin() {
      one.told = true;
      this.accepted = chaos.join(one);
    },
    async end() {
      await chaos.when(one, 'somebody is there', ({ state }) => state === 'customer_present', { seconds: 10 });
      await chaos.toldOfWaiting(one);
      await chaos.leave(one);
    },
  };
}

/** A session in which somebody was connected is over: what came of it goes to its issue, and a late record changes that. */
async function report(chaos, trouble) {
  const { dice } = chaos;
  const one = await chaos.standing(trouble ? { place: 'comment' } : {});
  await chaos.connect(one);
  await chaos.close(one);
  await chaos.closedThere(one);
  const comesLate = dice.chance(0.3);
  return {
    ...one.here,
    begin() {
      chaos.count('report');
      chaos.world.clock.advance({ seconds: 125 });
      this.accepted = Promise.resolve();
    },
    end: () => chaos.reported(one),
    async afterwards() {
      if (!comesLate) return;
      await chaos.record(one, dice.between(1, 9));
      await chaos.reported(one, { seconds: 30 });
    },
  };
}

/** Nobody came, and the time of a session passes: it is closed at the provider, and its invitation says that it has ended. */
async function expire(chaos, trouble) {
  const issue = chaos.dice.pick(chaos.issues.filter((key) => !trouble || key.startsWith('HELP-')));   // elsewhere the result goes into the same comment
  const one = await chaos.madeAndWritten(await chaos.ask(chaos.wish({ issue, validity: kShortest })));
  const written = (await chaos.sandbox.journal({ kind: 'comment.created' })).find(({ identity }) => identity['belay.session']?.id === one.id);
  return {
    ...one.here,
    comment: written.object.comment,
    begin() {
      chaos.count('expire');
      chaos.over(one, 'expired');
      chaos.world.clock.advance({ minutes: kShortest });
      this.accepted = Promise.resolve();
    },
    end: () => chaos.when(one, 'its time has passed', ({ state, steps }) => ['expired', 'reported'].includes(state) && steps.closing === 'done', { seconds: 5 }),
  };
}

/** An account is disconnected, with its sessions and perhaps one that is just being made, and connected again. */
async function unlink(chaos) {
  const { dice } = chaos;
  const agent = dice.pick(chaos.agents);
  const one = await chaos.standing({ agent });
  await chaos.noteReported(agent);
  const flying = dice.chance(0.5) ? chaos.wish({ agent }) : undefined;
  const fate = { moment: dice.pick(['before', 'after']), discard: dice.chance(0.5), byAdmin: dice.chance(0.3) };
  return {
    ...one.here,
    agent,
    rules: flying ? [holding('flying', fate.moment, provider('POST', '**/sessions', { bodyHas: flying.mark }))] : [],
    begin() {
      this.accepted = (async () => {
        if (flying) {
          await chaos.ask(flying);
          await until('its create request is held', () => chaos.isHeld('flying'));
        }
        await chaos.unlink(agent, fate);
        // A request that is under way when its account goes has a minute to arrive (farewell.cpp).
        if (flying) await chaos.release('flying', fate);
      })();
    },
    async end() {
      await chaos.unlinked(agent);
      if (chaos.held !== 'late') await chaos.sandbox.faults([]);
      await chaos.link(agent);
    },
  };
}

/** An issue is deleted, and its sessions with it. Jira tells of that, and of this and that on other issues. */
async function gone(chaos, trouble) {
  const issue = chaos.spareIssues.pop();
  if (!issue) return create(chaos, undefined);
  const { relay, sandbox } = chaos;
  const one = await chaos.madeAndWritten(await chaos.ask(chaos.wish({ issue })));
  const mode = trouble?.events ?? 'plain';
  return {
    ...one.here,
    begin() {
      this.accepted = (async () => {
        relay.mode = mode;
        const told = await chaos.tellOf(issue, chaos.anyIssue());
        one.end = 'gone';
        one.announced = true;
        await sandbox.change({ jira: { issues: { [issue]: { deleted: true } } } });
        if (mode === 'reordered') {
          await until('the events have come', () => relay.kept.length > told);
          relay.mode = 'plain';
          await relay.bringReversed();
        }
      })();
    },
    async end() {
      await until('the session of the deleted issue is closed at the provider', async () => {
        if (!(await chaos.isOpenThere(one))) return true;
        chaos.world.clock.advance({ seconds: 2 });
        return false;
      }, { timeout: 60_000 });
      relay.mode = 'plain';
    },
  };
}

export const scenes = { create, close, replace, wait, report, expire, unlink, gone };
