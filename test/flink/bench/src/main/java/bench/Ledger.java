package bench;

/** What an account's state can be told. Flink's state obeys it, and so does the model that knows the content without Flink. */
interface Ledger {
    void setAccount(Account account) throws Exception;

    void putCounter(String name, long value) throws Exception;

    void removeCounter(String name) throws Exception;

    void addHistory(long element) throws Exception;

    void setLastSeen(long value) throws Exception;

    void registerTimer(long timestamp);

    void deleteTimer(long timestamp);

    /** Clears all states, but no timers. */
    void clear() throws Exception;
}
