package bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Works out what is in the snapshot, without Flink: one account after the other lives through its history. */
final class Model {
    private Model() {}

    static Totals totals(History history) throws Exception {
        Totals totals = new Totals();
        long[] starts = new long[History.ROUNDS];
        for (int round = 1; round < History.ROUNDS; round++) {
            starts[round] = history.endOf(round - 1);
        }
        for (long account = 0; account < history.accounts(); account++) {
            AccountLedger ledger = new AccountLedger();
            history.happen(account, ledger);
            for (int round = 1; round < History.ROUNDS; round++) {
                long event = starts[round] + account / 3;
                if (account % 3 == round % 3) {
                    history.happen(event, ledger);
                }
            }
            ledger.tell(History.keyOf(account), totals);
        }
        return totals;
    }

    private static final class AccountLedger implements Ledger {
        private Account account;
        private final Map<String, Long> counters = new HashMap<>();
        private final List<Long> history = new ArrayList<>();
        private Long lastSeen;
        private final Set<Long> timers = new HashSet<>();

        @Override
        public void setAccount(Account value) {
            account = value;
        }

        @Override
        public void putCounter(String name, long value) {
            counters.put(name, value);
        }

        @Override
        public void removeCounter(String name) {
            counters.remove(name);
        }

        @Override
        public void addHistory(long element) {
            history.add(element);
        }

        @Override
        public void setLastSeen(long value) {
            lastSeen = value;
        }

        @Override
        public void registerTimer(long timestamp) {
            timers.add(timestamp);
        }

        @Override
        public void deleteTimer(long timestamp) {
            timers.remove(timestamp);
        }

        @Override
        public void clear() {
            account = null;
            counters.clear();
            history.clear();
            lastSeen = null;
        }

        void tell(String key, Totals totals) {
            if (account != null) {
                totals.account(key, account);
            }
            counters.forEach(totals::counter);
            if (!history.isEmpty()) {
                totals.history(history);
            }
            if (lastSeen != null) {
                totals.lastSeen(lastSeen);
            }
            timers.forEach(totals::timer);
        }
    }
}
