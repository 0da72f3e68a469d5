package bench;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Writes a snapshot of {@link Generator} anew with the State Processor API: {@code Write remove PATH TARGET TEMPORARY_FOLDER}
 * leaves the operator with all the state out.
 */
public final class Write {
    private Write() {}

    public static void main(String[] args) throws Exception {
        if (!args[0].equals("remove")) {
            throw new IllegalArgumentException("No such task: " + args[0]);
        }
        Configuration configuration = new Configuration();
        configuration.setString("io.tmp.dirs", args[3]);
        configuration.setString("rest.port", "0");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        SavepointWriter.fromExistingSavepoint(env, args[1], new HashMapStateBackend())
                .removeOperator(OperatorIdentifier.forUid(States.UID))
                .write(args[2]);
        env.execute();
        // Without waiting for Flink to clean up.
        Runtime.getRuntime().halt(0);
    }
}
