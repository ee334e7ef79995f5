import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.apache.kafka.tools.DumpLogSegments;

/** Kafka's own DumpLogSegments over the files of a partition folder, and what of its output is a complaint. */
final class Dump {
    /** All that it prints of a file with nothing wrong. A segment that starts above 0 it finds "not consecutive". */
    private static final Pattern FINE = Pattern.compile(
        "Dumping .*|Log starting offset: \\d+|baseOffset: .* isvalid: true|\\| offset: .*|offset: \\d+ position: \\d+"
            + "|timestamp: -?\\d+ offset: \\d+|version: 0 producerId: .*|producerId: .*|.* passed sanity check\\."
            + "|Non-consecutive offsets in .*|  -1 is followed by \\d+");
    private static final List<String> SUFFIXES = List.of(".log", ".index", ".timeindex", ".txnindex", ".snapshot");

    /** Dumps every file of the folder that the tool reads: what it prints of each, under the file's base name. */
    static Map<Path, String> folder(Path folder) throws IOException {
        var dumps = new TreeMap<Path, String>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (SUFFIXES.stream().noneMatch(name::endsWith)) {
                    continue;
                }
                String text = dump(file, "--deep-iteration", "--print-data-log");
                dumps.put(file, text.replace(folder + "/", ""));
                if (name.endsWith("index") && !name.endsWith(".txnindex")) {
                    dump(file, "--index-sanity-check");
                    dump(file, "--verify-index-only");
                }
            }
        }
        return dumps;
    }

    /** What the tool prints, if that is nothing but what it prints of a good file. */
    private static String dump(Path file, String... options) throws IOException {
        var words = new ArrayList<>(List.of(options));
        words.addAll(List.of("--files", file.toString()));
        var printed = new ByteArrayOutputStream();
        var screen = System.out;
        var complaints = System.err;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
        try {
            DumpLogSegments.main(words.toArray(String[]::new));
        } catch (Exception thrown) {
            throw new Segments.Wrong("DumpLogSegments throws at " + file + ": " + thrown);
        } finally {
            System.setOut(screen);
            System.setErr(complaints);
        }
        boolean isEmpty = Files.size(file) == 0;
        String text = printed.toString(StandardCharsets.UTF_8);
        for (String line : text.split("\n")) {
            if (!FINE.matcher(line).matches() && !(isEmpty && line.equals(file + " is empty."))) {
                throw new Segments.Wrong("DumpLogSegments says of " + file + ": " + line);
            }
        }
        return text;
    }
}
