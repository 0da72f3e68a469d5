package bench;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** As much JSON as is needed here: no text in it has anything to escape but quotes and backslashes. */
final class Json {
    private Json() {}

    @SafeVarargs
    static String object(Map.Entry<String, String>... fields) {
        return Arrays.stream(fields)
                .map(field -> string(field.getKey()) + ":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String string(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
