package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Writes one content in four layouts, and what it is. Each step in a JVM of its own, in this order:
 *
 * <ul>
 *   <li>{@code Generator rocksdb OUT KEYS}: an incremental checkpoint, a native and a canonical savepoint.
 *   <li>{@code Generator heap OUT KEYS}: restores the canonical savepoint in the heap and writes a native one.
 *   <li>{@code Generator counts OUT KEYS}: counts.json.
 * </ul>
 */
public final class Generator {
    private static final int MIDDLE_KEY_GROUP = RunningJob.MAX_PARALLELISM / 2;

    private final Path out;
    private final History history;
    private final long start = System.nanoTime();

    private Generator(Path out, History history) {
        this.out = out;
        this.history = history;
    }

    public static void main(String[] args) throws Exception {
        Generator generator =
                new Generator(Path.of(args[1]).toAbsolutePath().normalize(), new History(Long.parseLong(args[2])));
        Path local = generator.out.resolve("local");
        Files.createDirectories(local);
        switch (args[0]) {
            case "rocksdb" -> generator.writeFromRocksDb(local);
            case "heap" -> generator.writeFromHeap(local);
            case "counts" -> generator.writeCounts();
            default -> throw new IllegalArgumentException("No such step: " + args[0]);
        }
        delete(local);
    }

    private void writeFromRocksDb(Path local) throws Exception {
        try (RunningJob job = new RunningJob(rocksdb(local), history, SavepointRestoreSettings.none())) {
            liveThroughAll(job);
            job.savepoint(out.resolve("rocksdb"), SavepointFormatType.NATIVE);
            told("native savepoint of RocksDB");
            job.savepoint(out.resolve("canonical"), SavepointFormatType.CANONICAL);
            told("canonical savepoint");
        }
    }

    private void writeFromHeap(Path local) throws Exception {
        SavepointRestoreSettings restore =
                SavepointRestoreSettings.forPath(snapshotIn("canonical").toUri().toString());
        Configuration configuration = configuration("hashmap", local);
        // It takes no checkpoints; but without a folder for them Flink would keep a savepoint's state in memory first.
        configuration.setString("execution.checkpointing.dir", local.toUri().toString());
        try (RunningJob job = new RunningJob(configuration, history, restore)) {
            told("canonical savepoint restored in the heap");
            job.savepoint(out.resolve("heap"), SavepointFormatType.NATIVE);
            told("native savepoint of the heap backend");
        }
    }

    private void writeCounts() throws Exception {
        Totals totals = Model.totals(history);
        told("what must be in them: " + totals.entries() + " entries");
        String counts =
                Json.object(
                        Map.entry("keys", Long.toString(history.accounts())),
                        Map.entry("entries", Long.toString(totals.entries())),
                        Map.entry("operator", Json.string(States.UID)),
                        Map.entry("key", Json.string(middleKey())),
                        Map.entry(
                                "snapshots",
                                Json.object(
                                        snapshot("canonical"),
                                        snapshot("heap"),
                                        snapshot("rocksdb"),
                                        snapshot("incremental"))),
                        Map.entry("totals", totals.json()));
        Files.writeString(out.resolve("counts.json"), counts + "\n");
    }

    /** A checkpoint after each round, so that files of several ages share the levels of the last one. */
    private void liveThroughAll(RunningJob job) throws Exception {
        for (int round = 0; round < History.ROUNDS; round++) {
            long end = history.endOf(round);
            Gate.allow(end);
            Gate.awaitEmitted(end);
            job.checkpoint();
            told("checkpoint after round " + round);
        }
    }

    private Configuration rocksdb(Path local) {
        Configuration configuration = configuration("rocksdb", local);
        configuration.setString("execution.checkpointing.incremental", "true");
        configuration.setString("execution.checkpointing.dir", out.resolve("incremental").toUri().toString());
        configuration.setString("taskmanager.memory.managed.size", "1g");
        // Small files and levels: a gigabyte then has the shape that a job's terabyte has with the usual sizes.
        configuration.setString("state.backend.rocksdb.writebuffer.size", "8mb");
        configuration.setString("state.backend.rocksdb.compaction.level.target-file-size-base", "2mb");
        configuration.setString("state.backend.rocksdb.compaction.level.max-size-level-base", "8mb");
        return configuration;
    }

    private Configuration configuration(String backend, Path local) {
        Configuration configuration = new Configuration();
        configuration.setString("state.backend.type", backend);
        configuration.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
        // Checkpoints are taken by hand; but without an interval Flink takes none at all.
        configuration.setString("execution.checkpointing.interval", "1 d");
        configuration.setString("execution.checkpointing.timeout", "1 h");
        // A JVM whose heap is nearly full stands still for long.
        configuration.setString("heartbeat.timeout", "1 h");
        configuration.setString("io.tmp.dirs", local.toString());
        configuration.setString("rest.port", "0");
        configuration.setString("restart-strategy.type", "none");
        return configuration;
    }

    /** A key that lies in the middle of a snapshot: neither the best nor the worst case of who looks for it. */
    private String middleKey() {
        for (long account = 1; account < history.accounts(); account += 3) {
            String key = History.keyOf(account);
            if (account / 3 % 29 != 5 && keyGroup(key) == MIDDLE_KEY_GROUP) {
                return key;
            }
        }
        throw new IllegalArgumentException(history.accounts() + " keys are too few: none is in the middle key group");
    }

    private static int keyGroup(String key) {
        return KeyGroupRangeAssignment.assignToKeyGroup(key, RunningJob.MAX_PARALLELISM);
    }

    private Map.Entry<String, String> snapshot(String layout) throws IOException {
        return Map.entry(layout, Json.string(out.relativize(snapshotIn(layout)).toString()));
    }

    /** A folder of snapshots has one of them: a savepoint, or the checkpoint that its job retained. */
    private Path snapshotIn(String layout) throws IOException {
        try (Stream<Path> files = Files.walk(out.resolve(layout))) {
            return files.filter(file -> file.endsWith("_metadata")).findFirst().orElseThrow().getParent();
        }
    }

    private void told(String what) {
        System.err.printf("%5d s  %s%n", (System.nanoTime() - start) / 1_000_000_000, what);
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
