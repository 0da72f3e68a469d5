package bench;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Does to Flink's state what {@link History} says. */
final class AccountsFunction extends KeyedProcessFunction<String, Long, Long> {
    private final History history;
    private transient StateLedger ledger;

    AccountsFunction(History history) {
        this.history = history;
    }

    @Override
    public void open(OpenContext context) {
        ledger = new StateLedger();
        ledger.account = getRuntimeContext().getState(States.account());
        ledger.counters = getRuntimeContext().getMapState(States.counters());
        ledger.history = getRuntimeContext().getListState(States.history());
        ledger.lastSeen = getRuntimeContext().getState(States.lastSeen());
    }

    @Override
    public void processElement(Long event, Context context, Collector<Long> out) throws Exception {
        ledger.timers = context.timerService();
        history.happen(event, ledger);
    }

    private static final class StateLedger implements Ledger {
        private ValueState<Account> account;
        private MapState<String, Long> counters;
        private ListState<Long> history;
        private ValueState<Long> lastSeen;
        private TimerService timers;

        @Override
        public void setAccount(Account value) throws Exception {
            account.update(value);
        }

        @Override
        public void putCounter(String name, long value) throws Exception {
            counters.put(name, value);
        }

        @Override
        public void removeCounter(String name) throws Exception {
            counters.remove(name);
        }

        @Override
        public void addHistory(long element) throws Exception {
            history.add(element);
        }

        @Override
        public void setLastSeen(long value) throws Exception {
            lastSeen.update(value);
        }

        @Override
        public void registerTimer(long timestamp) {
            timers.registerEventTimeTimer(timestamp);
        }

        @Override
        public void deleteTimer(long timestamp) {
            timers.deleteEventTimeTimer(timestamp);
        }

        @Override
        public void clear() {
            account.clear();
            counters.clear();
            history.clear();
            lastSeen.clear();
        }
    }
}
