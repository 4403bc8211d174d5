import { expect, test } from 'vitest';
import { ErrorCode } from '../errors.ts';
import { createEventBus } from '../events.ts';
import { createLogger } from '../logger.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { chooseProtocol } from './choose-protocol.ts';
import type { GroupContext } from './context.ts';
import { createGroup, type JoinResult, type SyncResult } from './group.ts';
import { heartbeat } from './heartbeat.ts';
import { type JoinRequest, join } from './join.ts';
import { leave } from './leave.ts';
import { commitRefusal } from './offsets.ts';
import { sync } from './sync.ts';

const SESSION = 1000;
const REBALANCE = 5000;

/** A group on a fake clock, with answers collected as they are given. */
function groupUnderTest(initialRebalanceDelayMs = 0) {
  const clock = createFakeClock();
  let ids = 0;
  const generations: number[] = [];
  const context: GroupContext = {
    clock,
    events: createEventBus(() => undefined),
    logger: createLogger(() => undefined),
    settings: { minSessionTimeoutMs: 10, maxSessionTimeoutMs: 60_000, initialRebalanceDelayMs },
    newId: () => String(++ids),
    onGeneration: (g) => generations.push(g.generation),
  };
  const group = createGroup('g', clock.now());
  const startJoin = (request: Partial<JoinRequest> = {}) => {
    const answer: { result: JoinResult | null } = { result: null };
    const metadata = Buffer.from('m');
    const full: JoinRequest = {
      memberId: '',
      instanceId: null,
      clientId: 'c',
      clientHost: 'h',
      sessionTimeoutMs: SESSION,
      rebalanceTimeoutMs: REBALANCE,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata }],
      memberIdRequired: false,
      ...request,
    };
    join(context, group, full, (result) => {
      expect(answer.result, 'answered once').toBeNull();
      answer.result = result;
    });
    return answer;
  };
  const startSync = (joined: JoinResult, assign: Record<string, string> = {}, instanceId: string | null = null) => {
    const answer: { result: SyncResult | null } = { result: null };
    const assignments = Object.entries(assign).map(([memberId, a]) => ({ memberId, assignment: Buffer.from(a) }));
    const identity = { memberId: joined.memberId, instanceId, generation: joined.generation };
    sync(context, group, { ...identity, assignments }, (result) => {
      expect(answer.result, 'answered once').toBeNull();
      answer.result = result;
    });
    return answer;
  };
  const beat = (joined: JoinResult, generation = joined.generation) =>
    heartbeat(context, group, { memberId: joined.memberId, instanceId: null, generation });
  return { clock, context, group, generations, startJoin, startSync, beat };
}

function must<T>(answer: { result: T | null }): T {
  if (answer.result === null) throw new Error('not answered yet');
  return answer.result;
}

/** Two members, stable, `a` leads. */
function stablePair() {
  const t = groupUnderTest();
  const first = must(t.startJoin());
  t.startSync(first, { [first.memberId]: 'all' });
  const second = t.startJoin();
  expect(t.beat(first)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  const a = must(t.startJoin({ memberId: first.memberId }));
  const b = must(second);
  const bSync = t.startSync(b);
  expect(bSync.result).toBeNull();
  const aSync = t.startSync(a, { [a.memberId]: 'pa', [b.memberId]: 'pb' });
  expect([must(aSync).assignment.toString(), must(bSync).assignment.toString()]).toEqual(['pa', 'pb']);
  return { ...t, a, b };
}

test('the first member leads generation 1 and is the only one who gets the member list', () => {
  const t = groupUnderTest();
  const joined = must(t.startJoin());
  expect(joined).toMatchObject({ errorCode: 0, generation: 1, leader: joined.memberId, protocol: 'range' });
  expect(joined.members.map((m) => m.memberId)).toEqual([joined.memberId]);
  expect(t.group.state).toBe('CompletingRebalance');
  const synced = must(t.startSync(joined, { [joined.memberId]: 'p' }));
  expect(synced.assignment.toString()).toBe('p');
  expect(t.group.state).toBe('Stable');
});

test('a second member makes everybody join again; the leader stays and assigns', () => {
  const { a, b } = stablePair();
  expect(a).toMatchObject({ generation: 2, leader: a.memberId });
  expect(b).toMatchObject({ generation: 2, leader: a.memberId, members: [] });
  expect(a.members).toHaveLength(2);
});

test('a new dynamic member is told its id first (KIP-394) and is awaited until its session ends', () => {
  const t = groupUnderTest();
  const told = must(t.startJoin({ memberIdRequired: true }));
  expect(told.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
  const other = t.startJoin();
  expect(other.result, 'waits for the pending member').toBeNull();
  const joined = t.startJoin({ memberId: told.memberId, memberIdRequired: true });
  expect(must(joined).members.length + must(other).members.length).toBe(2);

  const alone = groupUnderTest();
  alone.startJoin({ memberIdRequired: true });
  const waiting = alone.startJoin();
  alone.clock.advance(SESSION);
  expect(must(waiting).generation).toBe(1);
});

test('a member that is silent for its session timeout is dropped and the rest rebalance', () => {
  const { clock, group, a, b, beat, startJoin } = stablePair();
  for (let i = 0; i < 4; i++) {
    clock.advance(SESSION / 2);
    beat(a);
  }
  expect(group.members.has(b.memberId)).toBe(false);
  expect(beat(a)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  expect(beat(b)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  expect(must(startJoin({ memberId: a.memberId })).generation).toBe(3);
});

test('members that do not rejoin in time are dropped when the rebalance timeout ends', () => {
  const { clock, group, a, b, beat, startJoin } = stablePair();
  const third = startJoin();
  for (let i = 0; i < REBALANCE / 500 - 1; i++) {
    clock.advance(500);
    beat(a);
    beat(b);
  }
  expect(third.result).toBeNull();
  clock.advance(500);
  expect(must(third)).toMatchObject({ generation: 3, errorCode: 0 });
  expect([...group.members.keys()]).toEqual([must(third).memberId]);
});

test('a member that joins but never syncs is evicted after the rebalance timeout', () => {
  const t = groupUnderTest();
  const first = must(t.startJoin());
  t.startSync(first, {});
  const second = t.startJoin();
  const a = must(t.startJoin({ memberId: first.memberId }));
  const held = t.startSync(must(second));
  for (let i = 0; i < REBALANCE / 500; i++) {
    t.clock.advance(500);
    t.beat(a); // alive, but does not send the assignments
  }
  expect(must(held).errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  expect(t.group.members.has(a.memberId)).toBe(false);
});

test('a waiting sync is told when a new rebalance starts', () => {
  const t = groupUnderTest();
  const first = must(t.startJoin());
  t.startSync(first, {});
  const second = t.startJoin();
  must(t.startJoin({ memberId: first.memberId }));
  const held = t.startSync(must(second));
  t.startJoin();
  expect(must(held).errorCode).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
});

test('a follower that joins again unchanged gets the same answer; changed metadata or the leader start a rebalance', () => {
  const changed = [{ name: 'range', metadata: Buffer.from('other') }];
  const same = stablePair();
  expect(must(same.startJoin({ memberId: same.b.memberId }))).toMatchObject({ generation: 2, errorCode: 0 });
  expect(same.group.state).toBe('Stable');
  expect(stableAfter({ protocols: changed }, 'b')).toBe('PreparingRebalance');
  expect(stableAfter({}, 'a')).toBe('PreparingRebalance');

  function stableAfter(request: Partial<JoinRequest>, who: 'a' | 'b') {
    const t = stablePair();
    t.startJoin({ memberId: t[who].memberId, ...request });
    return t.group.state;
  }
});

test('leaving is immediate, and the last one leaves the group empty with its generation kept', () => {
  const { context, group, a, b, beat } = stablePair();
  expect(leave(context, group, b.memberId, null)).toBe(ErrorCode.NONE);
  expect(beat(a)).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
  expect(leave(context, group, a.memberId, null)).toBe(ErrorCode.NONE);
  expect(group).toMatchObject({ state: 'Empty', generation: 3, leader: null });
  expect(leave(context, group, a.memberId, null)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
});

test('a static member that comes back keeps its place without a rebalance, and its old id is fenced (KIP-345)', () => {
  const t = groupUnderTest();
  const first = must(t.startJoin({ instanceId: 'one' }));
  t.startSync(first, { [first.memberId]: 'p' }, 'one');
  const back = must(t.startJoin({ instanceId: 'one' }));
  expect(back).toMatchObject({ errorCode: 0, generation: 1, members: [] });
  expect(back.memberId).not.toBe(first.memberId);
  expect(back.leader, 'a returning leader must not assign again').toBe(first.memberId);
  expect(must(t.startSync(back, {}, 'one')).assignment.toString()).toBe('p');
  expect(must(t.startSync(first, {}, 'one')).errorCode).toBe(ErrorCode.FENCED_INSTANCE_ID);
});

test('members must share a protocol and its type', () => {
  const { startJoin } = stablePair();
  const metadata = Buffer.alloc(0);
  expect(must(startJoin({ protocols: [{ name: 'sticky', metadata }] })).errorCode).toBe(
    ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
  );
  expect(must(startJoin({ protocolType: 'connect' })).errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  expect(must(startJoin({ sessionTimeoutMs: 1 })).errorCode).toBe(ErrorCode.INVALID_SESSION_TIMEOUT);
  expect(must(startJoin({ memberId: 'ghost' })).errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
});

test('the protocol is the one most members prefer among those all support', () => {
  const member = (...names: string[]) => ({ protocols: names.map((name) => ({ name, metadata: Buffer.alloc(0) })) });
  expect(chooseProtocol([member('a', 'b'), member('b', 'a'), member('b', 'a', 'c')])).toBe('b');
  expect(chooseProtocol([member('c', 'a'), member('a')])).toBe('a');
});

test('heartbeats of another generation and commits of strangers are refused', () => {
  const { group, a, beat } = stablePair();
  expect(beat(a)).toBe(ErrorCode.NONE);
  expect(beat(a, 1)).toBe(ErrorCode.ILLEGAL_GENERATION);
  const commit = (memberId: string, generation: number) =>
    commitRefusal(group, { memberId, generation, instanceId: null });
  expect(commit(a.memberId, 2)).toBe(ErrorCode.NONE);
  expect(commit(a.memberId, 1)).toBe(ErrorCode.ILLEGAL_GENERATION);
  expect(commit('', -1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  expect(commitRefusal(createGroup('empty', 0), { memberId: '', generation: -1, instanceId: null })).toBe(
    ErrorCode.NONE,
  );
});

test('with an initial delay the first rebalance gathers everybody who comes in time', () => {
  const t = groupUnderTest(300);
  const one = t.startJoin();
  t.clock.advance(200);
  const two = t.startJoin();
  expect(one.result).toBeNull();
  t.clock.advance(100);
  expect([must(one).generation, must(two).generation]).toEqual([1, 1]);
});

test('no timer is left when everybody is gone', () => {
  const { clock, context, group, a, b } = stablePair();
  leave(context, group, a.memberId, null);
  leave(context, group, b.memberId, null);
  expect(clock.pendingTimers()).toBe(0);
});
