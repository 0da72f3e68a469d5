/**
 * Constants of the JDK's enums in the order of their numbers: Kryo writes an enum by its number alone. All of these have kept
 * their order from Java 8 on; later versions only append.
 */
const words = (text: string): readonly string[] => text.split(' ');

export const JDK_ENUMS: Readonly<Record<string, readonly string[]>> = {
  'java.util.concurrent.TimeUnit': words('NANOSECONDS MICROSECONDS MILLISECONDS SECONDS MINUTES HOURS DAYS'),
  'java.time.DayOfWeek': words('MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY'),
  'java.time.Month': words('JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER'),
  'java.time.temporal.ChronoUnit': words(
    'NANOS MICROS MILLIS SECONDS MINUTES HOURS HALF_DAYS DAYS WEEKS MONTHS YEARS DECADES CENTURIES MILLENNIA ERAS FOREVER',
  ),
  'java.time.format.TextStyle': words('FULL FULL_STANDALONE SHORT SHORT_STANDALONE NARROW NARROW_STANDALONE'),
  'java.time.format.FormatStyle': words('FULL LONG MEDIUM SHORT'),
  'java.math.RoundingMode': words('UP DOWN CEILING FLOOR HALF_UP HALF_DOWN HALF_EVEN UNNECESSARY'),
  'java.util.Locale$Category': words('DISPLAY FORMAT'),
  'java.lang.Thread$State': words('NEW RUNNABLE BLOCKED WAITING TIMED_WAITING TERMINATED'),
  'java.text.Normalizer$Form': words('NFD NFC NFKD NFKC'),
  'java.nio.file.StandardOpenOption': words(
    'READ WRITE APPEND TRUNCATE_EXISTING CREATE CREATE_NEW DELETE_ON_CLOSE SPARSE SYNC DSYNC',
  ),
  'java.util.Comparators$NaturalOrderComparator': words('INSTANCE'),
};
