package bench;

import java.time.Duration;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/** The states of the operator, for who writes them and for who reads them. */
final class States {
    static final String UID = "accounts";

    private States() {}

    static ValueStateDescriptor<Account> account() {
        return new ValueStateDescriptor<>("account", Types.POJO(Account.class));
    }

    static MapStateDescriptor<String, Long> counters() {
        return new MapStateDescriptor<>("counters", Types.STRING, Types.LONG);
    }

    static ListStateDescriptor<Long> history() {
        return new ListStateDescriptor<>("history", Types.LONG);
    }

    /** A time to live so long that nothing expires while it is measured. */
    static ValueStateDescriptor<Long> lastSeen() {
        ValueStateDescriptor<Long> descriptor = new ValueStateDescriptor<>("lastSeen", Types.LONG);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(3650)).build());
        return descriptor;
    }
}
