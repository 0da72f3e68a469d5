package bench;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** The job in a cluster inside this JVM. */
final class RunningJob implements AutoCloseable {
    private static final int PARALLELISM = 4;
    static final int MAX_PARALLELISM = 128;
    private static final int POLL_MILLIS = 50;
    /** More than any job emits: a source that comes to its end would finish the job. */
    private static final long ENDLESS = 1_000_000_000_000L;

    private final MiniCluster cluster;
    private final JobID job;

    RunningJob(Configuration configuration, History history, SavepointRestoreSettings restore) throws Exception {
        Gate.reset();
        JobGraph graph = graph(configuration, history);
        graph.setSavepointRestoreSettings(restore);
        cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(PARALLELISM)
                                .build());
        cluster.start();
        job = cluster.submitJob(graph).get().getJobID();
        awaitRunning();
    }

    void checkpoint() throws Exception {
        await(cluster.triggerCheckpoint(job));
    }

    void savepoint(Path folder, SavepointFormatType format) throws Exception {
        await(cluster.triggerSavepoint(job, folder.toUri().toString(), false, format));
    }

    /** Cancels the job, which keeps its last checkpoint. */
    @Override
    public void close() throws Exception {
        cluster.cancelJob(job).get();
        while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            Thread.sleep(POLL_MILLIS);
        }
        cluster.close();
    }

    /** Why a snapshot failed is often that the job did. */
    private void await(CompletableFuture<String> snapshot) throws Exception {
        try {
            snapshot.get();
        } catch (ExecutionException e) {
            throwFailure();
            throw e;
        }
    }

    /** A snapshot fails while tasks are being deployed. */
    private void awaitRunning() throws Exception {
        for (;;) {
            throwFailure();
            var graph = cluster.getExecutionGraph(job).get();
            boolean runs = graph.getState() == JobStatus.RUNNING;
            for (var task : graph.getAllExecutionVertices()) {
                runs &= task.getExecutionState() == ExecutionState.RUNNING;
            }
            if (runs) {
                return;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private void throwFailure() throws Exception {
        var failure = cluster.getExecutionGraph(job).get().getFailureInfo();
        if (failure != null) {
            throw new IllegalStateException(failure.getExceptionAsString());
        }
    }

    private static JobGraph graph(Configuration configuration, History history) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(PARALLELISM);
        env.setMaxParallelism(MAX_PARALLELISM);
        env.getConfig().enableObjectReuse();
        RateLimiterStrategy<NumberSequenceSplit> gate = parallelism -> new GateLimiter();
        var source = new DataGeneratorSource<>(Gate::emit, ENDLESS, gate, Types.LONG);
        env.fromSource(source, WatermarkStrategy.noWatermarks(), "Events")
                .uid("events")
                .setParallelism(1)
                .keyBy(event -> History.keyOf(history.accountOf(event)), Types.STRING)
                .process(new AccountsFunction(history), Types.LONG)
                .uid(States.UID)
                .name("Accounts")
                .sinkTo(new DiscardingSink<>())
                .uid("sink");
        return env.getStreamGraph().getJobGraph();
    }

    private static final class GateLimiter implements RateLimiter<NumberSequenceSplit> {
        @Override
        public CompletableFuture<Void> acquire(int events) {
            return Gate.untilOpen();
        }
    }
}
