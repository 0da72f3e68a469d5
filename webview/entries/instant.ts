/** The instant of a count of milliseconds since 1970, short, in a zone that the page names elsewhere. */
export function instantIn(millis: string, zone: string, locale: string): string {
  const number = Number(millis);
  // Beyond this there is no date, only a number.
  if (!Number.isFinite(number) || Math.abs(number) > 8.64e15) return millis;
  return new Date(number).toLocaleString(locale, {
    timeZone: zone,
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}
