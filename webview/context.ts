import type { PageSettings } from '../src/protocol';
import { formatBytes, formatCount, formatShare } from '../src/view/format';
import type { Strings } from '../src/view/strings';
import type { Host } from './connection';

/** What every part of any page needs: words, numbers in the person's way, the clipboard, and a voice. */
export class PageWords {
  constructor(
    readonly strings: Strings,
    public settings: PageSettings,
    private readonly toClipboard: (text: string) => Promise<unknown>,
    /** Tells screen readers. */
    readonly announce: (text: string) => void,
  ) {}

  bytes = (value: number): string => formatBytes(value, this.settings.sizeUnits, this.settings.locale);
  count = (value: number | bigint): string => formatCount(value, this.settings.locale);
  share = (part: number, whole: number): string => formatShare(part, whole, this.settings.locale);

  exactBytes(value: number): string {
    return value === 1 ? this.strings.oneByte : this.strings.exactBytes.replace('{0}', this.count(value));
  }

  copy(text: string): void {
    this.toClipboard(text).then(
      () => this.announce(this.strings.copied),
      (error: unknown) => this.announce(String(error)),
    );
  }
}

/** The same on the page of a snapshot, with the extension behind it. */
export class PageContext extends PageWords {
  constructor(
    strings: Strings,
    settings: PageSettings,
    readonly host: Host,
    announce: (text: string) => void,
  ) {
    super(strings, settings, (text) => host.request('copy', { text }), announce);
  }
}

/** IANA name of the time zone in which a person wants instants told. */
export const zoneOf = ({ timeZone }: PageSettings): string =>
  timeZone === 'local' ? Intl.DateTimeFormat().resolvedOptions().timeZone : 'UTC';
