package bench;

import java.util.Map;

/**
 * Numbers of entries and sums over all that the entries hold: two readers with the same totals have read the same. Sums of
 * lengths count UTF-16 units.
 */
final class Totals {
    private long accounts;
    private double amounts;
    private long ids;
    private long nameLengths;
    private long tags;
    private long tagLengths;
    private long updates;
    private long keyLengths;

    private long counters;
    private long counterNameLengths;
    private long counterValues;

    private long histories;
    private long historyElements;
    private long historyValues;

    private long lastSeens;
    private long lastSeenValues;

    private long timers;
    private long timestamps;

    void account(String key, Account account) {
        accounts++;
        keyLengths += key.length();
        amounts += account.amount;
        ids += account.id;
        nameLengths += account.name.length();
        for (String tag : account.tags) {
            tags++;
            tagLengths += tag.length();
        }
        updates += account.updatedAt;
    }

    void counter(String name, long value) {
        counters++;
        counterNameLengths += name.length();
        counterValues += value;
    }

    void history(Iterable<Long> elements) {
        histories++;
        for (long element : elements) {
            historyElements++;
            historyValues += element;
        }
    }

    void lastSeen(long value) {
        lastSeens++;
        lastSeenValues += value;
    }

    void timer(long timestamp) {
        timers++;
        timestamps += timestamp;
    }

    /** Adds what another thread has counted. */
    synchronized void add(Totals other) {
        accounts += other.accounts;
        amounts += other.amounts;
        ids += other.ids;
        nameLengths += other.nameLengths;
        tags += other.tags;
        tagLengths += other.tagLengths;
        updates += other.updates;
        keyLengths += other.keyLengths;
        counters += other.counters;
        counterNameLengths += other.counterNameLengths;
        counterValues += other.counterValues;
        histories += other.histories;
        historyElements += other.historyElements;
        historyValues += other.historyValues;
        lastSeens += other.lastSeens;
        lastSeenValues += other.lastSeenValues;
        timers += other.timers;
        timestamps += other.timestamps;
    }

    long entries() {
        return accounts + counters + histories + lastSeens + timers;
    }

    /** Integers as strings: many of them are larger than a JSON number may be trusted with. */
    synchronized String json() {
        return Json.object(
                Map.entry(
                        "account",
                        Json.object(
                                number("entries", accounts),
                                number("keyLengths", keyLengths),
                                Map.entry("amounts", Json.string(Long.toString((long) (amounts * 4)))),
                                number("ids", ids),
                                number("nameLengths", nameLengths),
                                number("tags", tags),
                                number("tagLengths", tagLengths),
                                number("updates", updates))),
                Map.entry(
                        "counters",
                        Json.object(
                                number("entries", counters),
                                number("nameLengths", counterNameLengths),
                                number("values", counterValues))),
                Map.entry(
                        "history",
                        Json.object(
                                number("entries", histories),
                                number("elements", historyElements),
                                number("values", historyValues))),
                Map.entry("lastSeen", Json.object(number("entries", lastSeens), number("values", lastSeenValues))),
                Map.entry("timers", Json.object(number("entries", timers), number("timestamps", timestamps))));
    }

    private static Map.Entry<String, String> number(String name, long value) {
        return Map.entry(name, Json.string(Long.toString(value)));
    }

}
