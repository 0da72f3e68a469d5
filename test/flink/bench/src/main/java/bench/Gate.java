package bench;

import java.util.concurrent.CompletableFuture;

/**
 * Holds the source at the end of each round. A barrier follows all events that the source emitted before, so a snapshot that
 * is triggered then has the content of whole rounds. Source and generator share one JVM, so static state will do.
 */
final class Gate {
    private static long allowed;
    private static long emitted;
    private static CompletableFuture<Void> open = new CompletableFuture<>();

    private Gate() {}

    static synchronized void reset() {
        allowed = 0;
        emitted = 0;
        open = new CompletableFuture<>();
    }

    static synchronized void allow(long events) {
        allowed = events;
        open.complete(null);
    }

    static synchronized CompletableFuture<Void> untilOpen() {
        if (emitted >= allowed && open.isDone()) {
            open = new CompletableFuture<>();
        }
        return open;
    }

    static synchronized Long emit(long event) {
        emitted = event + 1;
        if (emitted >= allowed) {
            Gate.class.notifyAll();
        }
        return event;
    }

    static synchronized void awaitEmitted(long events) throws InterruptedException {
        while (emitted < events) {
            Gate.class.wait();
        }
    }
}
