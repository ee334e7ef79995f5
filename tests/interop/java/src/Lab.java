import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A program of the lab. */
record Lab(String program) {
    /** Runs it. What it printed; it must end well. */
    String run(Object... words) throws IOException, InterruptedException {
        var command = new ArrayList<String>(List.of(program));
        for (Object word : words) {
            command.add(word.toString());
        }
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new Segments.Wrong(String.join(" ", command) + " ended with " + process.exitValue() + "\n" + printed);
        }
        return printed;
    }
}
