package bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/**
 * Reads all states of each key. The result goes past Flink, through static state: what is measured is the reading, so nothing
 * is emitted but the one small record a key without which Flink's source would take the input for ended.
 */
final class ScanFunction extends KeyedStateReaderFunction<String, Boolean> {
    /** What is done with what is read. */
    enum Mode {
        /** Count and add up everything. */
        SCAN,
        /** The same, and write every entry as a line. */
        DUMP,
        /** Stop after the first keys. */
        FIRST,
        /** Stop after a key; the API has no means to go to it. */
        KEY
    }

    static final int FIRST_KEYS = 100;

    private final Mode mode;
    /** The wanted key, or the file to write. */
    private final String argument;

    private transient ValueState<Account> account;
    private transient MapState<String, Long> counters;
    private transient ListState<Long> history;
    private transient ValueState<Long> lastSeen;
    private transient Totals totals;
    private transient Lines lines;
    private transient long keys;

    ScanFunction(Mode mode, String argument) {
        this.mode = mode;
        this.argument = argument;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        account = getRuntimeContext().getState(States.account());
        counters = getRuntimeContext().getMapState(States.counters());
        history = getRuntimeContext().getListState(States.history());
        lastSeen = getRuntimeContext().getState(States.lastSeen());
        totals = new Totals();
        if (mode == Mode.DUMP) {
            lines = new Lines(Files.newBufferedWriter(Files.createTempFile(Path.of(argument), "part-", ".ndjson")));
        }
    }

    @Override
    public void readKey(String key, Context context, Collector<Boolean> out) throws Exception {
        Scan.firstRow();
        if (mode != Mode.KEY || key.equals(argument)) {
            read(key, context);
            keys++;
        }
        if ((mode == Mode.FIRST && keys == FIRST_KEYS) || (mode == Mode.KEY && keys == 1)) {
            Scan.TOTALS.add(totals);
            Scan.finish();
        }
        out.collect(true);
    }

    @Override
    public void close() throws Exception {
        if (totals != null) {
            Scan.TOTALS.add(totals);
            totals = null;
        }
        if (lines != null) {
            lines.writer.close();
            lines = null;
        }
    }

    private void read(String key, Context context) throws Exception {
        Account value = account.value();
        if (value != null) {
            totals.account(key, value);
            if (lines != null) {
                lines.account(key, value);
            }
        }
        for (Map.Entry<String, Long> counter : counters.entries()) {
            totals.counter(counter.getKey(), counter.getValue());
            if (lines != null) {
                lines.counter(key, counter.getKey(), counter.getValue());
            }
        }
        Iterable<Long> elements = history.get();
        if (elements != null && elements.iterator().hasNext()) {
            totals.history(elements);
            if (lines != null) {
                lines.history(key, elements);
            }
        }
        Long seen = lastSeen.value();
        if (seen != null) {
            totals.lastSeen(seen);
            if (lines != null) {
                lines.number(key, "lastSeen", seen);
            }
        }
        for (long timestamp : context.registeredEventTimeTimers()) {
            totals.timer(timestamp);
            if (lines != null) {
                lines.number(key, "timers", timestamp);
            }
        }
    }

    /** Lines of JSON, by hand: the fastest that a job could do. */
    private record Lines(BufferedWriter writer) {
        void account(String key, Account value) throws IOException {
            head(key, "account");
            writer.write("{\"amount\":" + value.amount + ",\"id\":" + value.id + ",\"name\":" + Json.string(value.name));
            writer.write(",\"tags\":[");
            for (int i = 0; i < value.tags.size(); i++) {
                writer.write(i == 0 ? "" : ",");
                writer.write(Json.string(value.tags.get(i)));
            }
            writer.write("],\"updatedAt\":" + value.updatedAt + "}}\n");
        }

        void counter(String key, String name, long value) throws IOException {
            head(key, "counters");
            writer.write(value + ",\"ukey\":" + Json.string(name) + "}\n");
        }

        void history(String key, Iterable<Long> elements) throws IOException {
            head(key, "history");
            char before = '[';
            for (long element : elements) {
                writer.write(before);
                writer.write(Long.toString(element));
                before = ',';
            }
            writer.write("]}\n");
        }

        void number(String key, String state, long value) throws IOException {
            head(key, state);
            writer.write(value + "}\n");
        }

        private void head(String key, String state) throws IOException {
            writer.write("{\"state\":\"" + state + "\",\"key\":" + Json.string(key) + ",\"value\":");
        }
    }
}
