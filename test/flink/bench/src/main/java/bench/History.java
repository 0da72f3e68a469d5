package bench;

import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens to the accounts: the first round opens all of them; of the six that follow, each visits a third of them, so
 * that every account is visited twice more. A visit overwrites values, appends to lists, adds and removes entries of maps,
 * moves timers; a second visit closes some accounts, and the last round opens some of those again.
 *
 * <p>Events are numbered from 0 through all rounds; an event's number says all about it.
 */
record History(long accounts) implements Serializable {
    static final int ROUNDS = 7;

    private static final int GROUPS = 3;
    private static final long START = Instant.parse("2026-01-05T00:00:00Z").toEpochMilli();
    /** Later than any time that the job sees, so that no timer fires. */
    private static final long TIMERS_FROM = Instant.parse("2030-01-01T00:00:00Z").toEpochMilli();

    private static final String[] FIRST = {
        "Anna", "Bruno", "Chloë", "David", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jürgen", "Kofi", "Lena", "Marek",
        "Nora", "Oscar", "李"
    };
    private static final String[] LAST = {
        "Adams", "Baker", "Carter", "Dumont", "Eriksen", "Fischer", "Garcia", "Haddad", "Ivanov", "Jansen", "Kowalski",
        "Lindqvist", "Moreau", "Nakamura", "Okafor"
    };
    private static final String[] TAGS = {"retail", "business", "premium", "dormant", "online", "branch", "student"};

    /** Number of the first event behind a round. */
    long endOf(int round) {
        long end = accounts;
        for (int r = 1; r <= round; r++) {
            end += visitedIn(r);
        }
        return end;
    }

    long accountOf(long event) {
        int round = roundOf(event);
        return round == 0 ? event : (event - endOf(round - 1)) * GROUPS + round % GROUPS;
    }

    int roundOf(long event) {
        int round = 0;
        while (event >= endOf(round)) {
            round++;
        }
        return round;
    }

    static String keyOf(long account) {
        return "account-" + (10_000_000 + account);
    }

    /** Lets one event happen. */
    void happen(long event, Ledger ledger) throws Exception {
        long account = accountOf(event);
        int round = roundOf(event);
        long visit = account / GROUPS;
        boolean unlucky = visit % 29 == 5;
        if (round == 0 || (round == ROUNDS - 1 && unlucky && visit % 2 == 0)) {
            open(account, round, ledger);
        } else if (round >= GROUPS && unlucky) {
            close(account, round, ledger);
        } else {
            visit(account, round, ledger);
        }
    }

    private long visitedIn(int round) {
        return (accounts - round % GROUPS + GROUPS - 1) / GROUPS;
    }

    private static void open(long account, int round, Ledger ledger) throws Exception {
        ledger.setAccount(account(account, round));
        ledger.putCounter("deposit", account % 1000);
        ledger.putCounter("transfer", account % 77 + round);
        ledger.putCounter("withdrawal", 1 + account % 13);
        ledger.addHistory(account);
        ledger.addHistory(account * 3 + round);
        ledger.setLastSeen(seenAt(account, round));
        if (account % 7 != 0) {
            ledger.registerTimer(timer(account, round));
        }
    }

    private static void visit(long account, int round, Ledger ledger) throws Exception {
        long visit = account / GROUPS;
        ledger.setAccount(account(account, round));
        ledger.putCounter("deposit", account % 1000 + round);
        if (visit % 4 < 2) {
            ledger.putCounter("card-" + account % 5, round);
        } else if (visit % 4 == 2) {
            ledger.removeCounter("withdrawal");
        }
        for (int i = 0; i <= visit % 3; i++) {
            ledger.addHistory(account * 5 + round * 3 + i);
        }
        ledger.setLastSeen(seenAt(account, round));
        if (visit % 5 == 0) {
            ledger.deleteTimer(timer(account, before(round)));
            ledger.registerTimer(timer(account, round));
        } else if (visit % 11 == 0) {
            ledger.deleteTimer(timer(account, before(round)));
        }
    }

    private static void close(long account, int round, Ledger ledger) throws Exception {
        ledger.clear();
        ledger.deleteTimer(timer(account, 0));
        ledger.deleteTimer(timer(account, before(round)));
    }

    /** The round in which the account was visited last. */
    private static int before(int round) {
        return Math.max(0, round - GROUPS);
    }

    private static Account account(long account, int round) {
        int index = (int) account;
        String name = FIRST[index % FIRST.length] + " " + LAST[index % LAST.length] + " " + account % 1000;
        List<String> tags = new ArrayList<>();
        for (int i = 0; i < index % 4; i++) {
            tags.add(TAGS[(index + i) % TAGS.length]);
        }
        return new Account((account % 100_000 - 5_000) * 0.25 * (round + 1), account, name, tags, seenAt(account, round));
    }

    private static long seenAt(long account, int round) {
        return START + round * 86_400_000L + account % 86_400_000L;
    }

    private static long timer(long account, int round) {
        return TIMERS_FROM + round * 86_400_000L + account % 3_600_000;
    }
}
