package bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Reads a snapshot of {@link Generator} with the State Processor API:
 * {@code Scan scan|dump|first|key PATH hashmap|rocksdb PARALLELISM TEMPORARY_FOLDER [FOLDER|KEY]}. Prints a line of JSON:
 * seconds since the JVM started (until the first key, until the end), those of the processor, the most memory that the process
 * had, the totals.
 */
public final class Scan {
    static final Totals TOTALS = new Totals();

    private static volatile double firstRow;

    private Scan() {}

    public static void main(String[] args) throws Exception {
        ScanFunction.Mode mode = ScanFunction.Mode.valueOf(args[0].toUpperCase(Locale.ROOT));
        Configuration configuration = new Configuration();
        configuration.setString("io.tmp.dirs", args[4]);
        configuration.setString("rest.port", "0");
        configuration.setString("restart-strategy.type", "none");
        configuration.setString("taskmanager.memory.managed.size", "1g");
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.createLocalEnvironment(Integer.parseInt(args[3]), configuration);
        env.getConfig().enableObjectReuse();
        SavepointReader.read(env, args[1], backend(args[2]))
                .readKeyedState(
                        OperatorIdentifier.forUid(States.UID),
                        new ScanFunction(mode, args.length > 5 ? args[5] : null),
                        Types.STRING,
                        Types.BOOLEAN)
                .sinkTo(new DiscardingSink<>());
        env.execute();
        finish();
    }

    static void firstRow() {
        if (firstRow == 0) {
            firstRow = secondsSinceStart();
        }
    }

    /** Prints the result and ends the process, without waiting for Flink to clean up. */
    static void finish() throws IOException {
        System.out.println(
                Json.object(
                        Map.entry("seconds", Double.toString(secondsSinceStart())),
                        Map.entry("firstRowSeconds", Double.toString(firstRow)),
                        Map.entry("cpuSeconds", Double.toString(cpuSeconds())),
                        Map.entry("peakKilobytes", peakKilobytes()),
                        Map.entry("totals", TOTALS.json())));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    private static StateBackend backend(String name) {
        return switch (name) {
            case "hashmap" -> new HashMapStateBackend();
            case "rocksdb" -> new EmbeddedRocksDBStateBackend();
            default -> throw new IllegalArgumentException("No such backend: " + name);
        };
    }

    private static double secondsSinceStart() {
        return (System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()) / 1000.0;
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private static String peakKilobytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return line.replaceAll("\\D", "");
            }
        }
        throw new IOException("/proc/self/status has no VmHWM");
    }
}
