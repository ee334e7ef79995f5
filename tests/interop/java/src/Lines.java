import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records as JSON lines: what should be read, and what was. Bytes are in hexadecimal digits, null is null. */
final class Lines {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a consumer is told of a record. */
    static JsonNode of(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode line = JSON.createObjectNode();
        line.put("offset", record.offset());
        line.put("timestamp", record.timestamp());
        line.put("timestampType", record.timestampType().toString());
        line.put("leaderEpoch", record.leaderEpoch().orElse(-1));
        line.put("key", text(record.key()));
        line.put("value", text(record.value()));
        var headers = line.putArray("headers");
        record.headers().forEach(header -> headers.addArray().add(header.key()).add(text(header.value())));
        return line;
    }

    static List<JsonNode> read(Path file) throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (String line : Files.readAllLines(file)) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    static void write(Path file, List<JsonNode> lines) throws IOException {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        Files.writeString(file, text);
    }

    /** Fails at the first line that differs. Compared as text: JSON has one kind of number, Jackson has many. */
    static void expectEqual(String what, List<JsonNode> expected, List<JsonNode> found) {
        for (int at = 0; at < Math.max(expected.size(), found.size()); at++) {
            String wanted = at < expected.size() ? expected.get(at).toString() : "nothing more";
            String got = at < found.size() ? found.get(at).toString() : "nothing more";
            if (!wanted.equals(got)) {
                String place = what + ", line " + (at + 1);
                throw new Segments.Wrong(place + "\n  expected " + wanted + "\n  found    " + got);
            }
        }
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : HexFormat.of().formatHex(bytes);
    }
}
