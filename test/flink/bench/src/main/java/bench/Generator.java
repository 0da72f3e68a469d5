package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/** Writes one content in four layouts, and what it is: {@code Generator OUT KEYS}. See ../bench.sh. */
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
        new Generator(Path.of(args[0]).toAbsolutePath().normalize(), new History(Long.parseLong(args[1]))).run();
    }

    private void run() throws Exception {
        Path local = out.resolve("local");
        Files.createDirectories(local);
        Path incremental;
        Path rocksdb;
        Path canonical;
        try (RunningJob job = new RunningJob(rocksdb(local), history, SavepointRestoreSettings.none())) {
            incremental = liveThroughAll(job);
            rocksdb = job.savepoint(out.resolve("rocksdb"), SavepointFormatType.NATIVE);
            told("native savepoint of RocksDB");
            canonical = job.savepoint(out.resolve("canonical"), SavepointFormatType.CANONICAL);
            told("canonical savepoint");
        }
        Path heap;
        SavepointRestoreSettings restore = SavepointRestoreSettings.forPath(canonical.toUri().toString());
        try (RunningJob job = new RunningJob(configuration("hashmap", local), history, restore)) {
            heap = job.savepoint(out.resolve("heap"), SavepointFormatType.NATIVE);
            told("native savepoint of the heap backend");
        }
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
                                        snapshot("canonical", canonical),
                                        snapshot("heap", heap),
                                        snapshot("rocksdb", rocksdb),
                                        snapshot("incremental", incremental))),
                        Map.entry("totals", totals.json()));
        Files.writeString(out.resolve("counts.json"), counts + "\n");
        delete(local);
    }

    /** A checkpoint after each round, so that files of several ages share the levels of the last one. */
    private Path liveThroughAll(RunningJob job) throws Exception {
        Path last = null;
        for (int round = 0; round < History.ROUNDS; round++) {
            long end = history.endOf(round);
            Gate.allow(end);
            Gate.awaitEmitted(end);
            last = job.checkpoint();
            told("checkpoint after round " + round);
        }
        return last;
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

    private Map.Entry<String, String> snapshot(String name, Path path) {
        return Map.entry(name, Json.string(out.relativize(path).toString()));
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
