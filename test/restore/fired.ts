import type { Json } from '../../src/engine/json/jsonValue';
import { has, json, type Line } from './lines';

/** Functions of the fixtures' jobs that say when their timers fire, and operators that say when their windows close. */
const IDS = {
  accounts: '14cfd403e0929194539014eaed9ae6ed',
  async: '40054974db28c3b7ecc01f7dca82d228',
  hourly: 'f8f5c9fd69abb9f6dd2532745bd779bd',
  sessions: 'c537c6dbf1a24c2d915e49cfb917dd6d',
};

/** What happens when the time of all timers of event time has come. */
export function allFired(lines: readonly Line[]): Json[] {
  return Object.entries(IDS).flatMap(([operator, op]) => {
    const own = lines.filter((line) => has(line, { op }));
    const timers = own.filter((line) => has(line, { state: '_timer_state/event_user-timers' }));
    return [
      ...timers.map((line) =>
        json({ operator, timer: 'event', key: line.get('key'), timestamp: line.get('timestamp') }),
      ),
      ...windows(own).map(({ key, window, elements }) => json({ operator, window, key, elements })),
    ];
  });
}

interface Closed {
  key: Json | undefined;
  window: Json | undefined;
  elements: Json[];
}

/** Each window with what lies in it; windows that were merged lie under the one of them that came first. */
function windows(lines: readonly Line[]): Closed[] {
  const contents = lines.filter((line) => has(line, { state: 'window-contents' }));
  const merged = lines.filter((line) => has(line, { state: 'merging-window-set' }));
  const pairs = merged.flatMap((line) =>
    (line.get('value') as Json[]).map((pair) => ({ key: line.get('key'), pair: pair as [whole: Json, first: Json] })),
  );
  return contents.map((line) => {
    const [key, window, value] = [line.get('key'), line.get('ns'), line.get('value') as Json];
    const elements = has(line, { kind: 'list' }) ? (value as Json[]) : [value];
    const whole = pairs.find(({ key: other, pair }) => other === key && has(line, { ns: pair[1] }))?.pair[0];
    return { key, window: whole ?? window, elements };
  });
}
