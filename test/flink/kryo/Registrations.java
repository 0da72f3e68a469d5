import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;

/** Prints the class ids that Flink's Kryo has registered before any of a job's own. See README.md. */
public class Registrations {
    public static void main(String[] args) {
        Kryo kryo = new KryoSerializer<>(Thread.class, new ExecutionConfig().getSerializerConfig()).getKryo();
        for (int id = 0; id < 90; id++) {
            Registration registration = kryo.getRegistration(id);
            if (registration != null)
                System.out.println(id + " " + registration.getType().getName() + " " + registration.getSerializer().getClass().getName());
        }
    }
}
