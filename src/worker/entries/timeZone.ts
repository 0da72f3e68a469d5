import { instantText } from '../../engine/json/temporalText';
import { InstantValue } from '../../engine/types/values';

/** Milliseconds that `Date` can tell, either way from 1970. */
const DATE_LIMIT = 8.64e15;

/** Tells instants in one zone, always with what they are off from UTC. */
export class TimeZone {
  static readonly UTC = new TimeZone(null);
  private static readonly known = new Map<string, TimeZone>();

  private constructor(private readonly format: Intl.DateTimeFormat | null) {}

  /** By its IANA name; UTC for a name that nobody knows. */
  static named(name: string): TimeZone {
    if (name === 'UTC') return TimeZone.UTC;
    let zone = TimeZone.known.get(name);
    if (zone !== undefined) return zone;
    try {
      zone = new TimeZone(new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' }));
    } catch {
      zone = TimeZone.UTC;
    }
    TimeZone.known.set(name, zone);
    return zone;
  }

  /** `2024-01-31T23:59:59.123Z`, or `2024-02-01T00:59:59.123+01:00`. */
  instant(instant: InstantValue): string {
    const offset = this.format === null ? null : offsetAt(this.format, instant);
    if (offset === null) return instantText(instant);
    const { seconds, text } = offset;
    const there = instantText(new InstantValue(instant.seconds + BigInt(seconds), instant.nanos));
    return `${there.slice(0, -1)}${text}`;
  }

  /** The instant of a count of milliseconds since 1970. */
  millis(millis: bigint): string {
    const rest = ((millis % 1000n) + 1000n) % 1000n;
    return this.instant(new InstantValue((millis - rest) / 1000n, Number(rest) * 1_000_000));
  }
}

/** What a zone is off from UTC at an instant; null where `Date` does not reach. */
function offsetAt(format: Intl.DateTimeFormat, { seconds }: InstantValue): { seconds: number; text: string } | null {
  const millis = Number(seconds) * 1000;
  if (Math.abs(millis) > DATE_LIMIT) return null;
  const name = format.formatToParts(millis).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name);
  if (match === null) return { seconds: 0, text: '+00:00' };
  const [, sign, hours, minutes, rest = '0'] = match;
  const off = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
  return { seconds: sign === '-' ? -off : off, text: name.slice('GMT'.length) };
}
