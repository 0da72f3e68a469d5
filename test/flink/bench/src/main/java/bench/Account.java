package bench;

import java.util.List;

/** The POJO in the value state. */
public class Account {
    /** A multiple of 0.25: sums of such numbers are exact in whatever order they are taken. */
    public double amount;

    public long id;
    public String name;
    public List<String> tags;
    public long updatedAt;

    public Account() {}

    Account(double amount, long id, String name, List<String> tags, long updatedAt) {
        this.amount = amount;
        this.id = id;
        this.name = name;
        this.tags = tags;
        this.updatedAt = updatedAt;
    }
}
