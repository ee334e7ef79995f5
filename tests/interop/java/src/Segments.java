import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A real broker starts on partition folders that the lab wrote, its clients read them and append to them, and the lab
 * reads what they appended. Once as after a clean stop, so that the lab's indexes and snapshots are taken as they are;
 * once as after a crash without any of them, so that the broker makes its own, which must be equal.
 */
public final class Segments {
    /** What the broker says of a segment that it goes through from its beginning. */
    private static final String RECOVERS = "Recovering unflushed segment";
    private static final List<String> ISOLATIONS = List.of("read_uncommitted", "read_committed");

    private final Path work;
    private final Path data;
    private final Path expected;
    private final Path brokerLog;
    private final Lab interop;
    private final Lab kafkaLab;
    private final Map<String, Map<String, String>> topics = new LinkedHashMap<>();

    /** Something is not as it should be. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String what) {
            super(what);
        }
    }

    private Segments(Path work, Lab interop, Lab kafkaLab) {
        this.work = work;
        this.data = work.resolve("data");
        this.expected = work.resolve("expected");
        this.brokerLog = Path.of(System.getProperty("interop.log"));
        this.interop = interop;
        this.kafkaLab = kafkaLab;
    }

    /** Arguments: an empty folder to work in, the program that writes folders, the program kafka-lab. */
    public static void main(String[] words) {
        try {
            new Segments(Path.of(words[0]), new Lab(words[1]), new Lab(words[2])).run();
        } catch (Wrong wrong) {
            System.err.println("interop: " + wrong.getMessage());
            System.exit(1);
        } catch (Exception thrown) {
            thrown.printStackTrace();
            System.exit(1);
        }
        // Kafka's own threads may still be about.
        System.exit(0);
    }

    private void run() throws Exception {
        createTopics();
        writeFolders();
        dumpFolders();
        Path crashed = work.resolve("crashed");
        copy(data, crashed);
        startClean();
        startAfterCrash(crashed);
    }

    private void createTopics() throws Exception {
        say("a real broker creates the topics");
        for (String line : interop.run("topics").split("\n")) {
            String[] words = line.split(" ");
            var settings = new LinkedHashMap<String, String>();
            for (int at = 1; at < words.length; at++) {
                String[] pair = words[at].split("=", 2);
                settings.put(pair[0], pair[1]);
            }
            topics.put(words[0], settings);
        }
        Broker.format(data);
        Map<String, String> ids;
        try (var broker = new Broker(data)) {
            ids = new Clients(broker.address).create(topics);
        }
        // Each start is a new leader epoch, and the lab's logs have some: they must not be newer than the cluster's.
        try (var broker = new Broker(data)) {
            new Clients(broker.address).create(Map.of());
        }
        var lines = new ArrayList<String>();
        ids.forEach((name, id) -> lines.add(name + " " + id));
        Files.write(work.resolve("ids"), lines);
    }

    /** Replaces what the broker wrote, but for its own internal topics. */
    private void writeFolders() throws Exception {
        String told = interop.run("write", data, work.resolve("ids"), expected, System.currentTimeMillis());
        say("the lab wrote " + told.strip());
        copy(data, work.resolve("written"));
    }

    private void dumpFolders() throws IOException {
        int files = 0;
        for (String topic : topics.keySet()) {
            files += Dump.folder(data.resolve(topic + "-0")).size();
        }
        say("DumpLogSegments found nothing wrong with " + files + " files");
    }

    private void startClean() throws Exception {
        var lines = new LinkedHashMap<String, List<JsonNode>>();
        long saidBefore = Files.size(brokerLog);
        try (var broker = new Broker(data)) {
            var clients = new Clients(broker.address);
            int read = readAll(clients);
            int lookedFor = 0;
            for (String topic : topics.keySet()) {
                lookedFor += clients.lookUp(topic, Lines.read(expected.resolve(topic + ".read_uncommitted.jsonl")));
            }
            say("clean start: consumers read the " + read + " records that the lab expected, and found " + lookedFor
                + " of them by offset and by time");
            expectTrust(saidBefore);
            int appended = 0;
            for (String topic : topics.keySet()) {
                appended += append(clients, topic);
                lines.put(topic, clients.read(topic, "read_uncommitted"));
            }
            say("producers appended " + appended + " records, plain, idempotent and transactional");
        }
        Path readBack = Files.createDirectory(work.resolve("read"));
        for (var entry : lines.entrySet()) {
            Lines.write(readBack.resolve(entry.getKey() + ".jsonl"), entry.getValue());
        }
        say("the lab reads " + interop.run("check", data, readBack).strip());
        int dumped = 0;
        for (String topic : topics.keySet()) {
            for (var dump : Dump.folder(data.resolve(topic + "-0")).entrySet()) {
                Path file = dump.getKey();
                expectEqual("the dump of " + file, dump.getValue(), kafkaLab.run("dump", file));
                if (file.toString().endsWith(".log")) {
                    kafkaLab.run("dump", "--findings", file);
                }
                dumped++;
            }
        }
        say("kafka-lab dumps " + dumped + " files as Kafka's own tool does, and finds nothing wrong in a log");
    }

    /** The broker finds neither the note of a clean stop nor indexes nor snapshots, and has to make them. */
    private void startAfterCrash(Path crashed) throws Exception {
        Files.delete(crashed.resolve(".kafka_cleanshutdown"));
        Files.delete(crashed.resolve("recovery-point-offset-checkpoint"));
        for (String topic : topics.keySet()) {
            try (var files = Files.list(crashed.resolve(topic + "-0"))) {
                for (Path file : files.toList()) {
                    if (file.toString().endsWith("index") || file.toString().endsWith(".snapshot")) {
                        Files.delete(file);
                    }
                }
            }
        }
        long saidBefore = Files.size(brokerLog);
        try (var broker = new Broker(crashed)) {
            say("start after a crash: consumers read " + readAll(new Clients(broker.address)) + " records");
        }
        for (String topic : topics.keySet()) {
            expectSaid(saidSince(saidBefore), topic, RECOVERS);
        }
        String told = interop.run("compare", work.resolve("written"), crashed);
        say("what the broker built anew is what the lab wrote: " + told.strip());
    }

    private int readAll(Clients clients) throws IOException {
        int read = 0;
        for (String topic : topics.keySet()) {
            for (String isolation : ISOLATIONS) {
                var wanted = Lines.read(expected.resolve(topic + "." + isolation + ".jsonl"));
                Lines.expectEqual(topic + ", " + isolation, wanted, clients.read(topic, isolation));
                read += wanted.size();
            }
        }
        return read;
    }

    /** Appends, and holds what is read afterwards against what was read before. Says how many were appended. */
    private int append(Clients clients, String topic) throws Exception {
        var before = offsets(clients, topic, "read_uncommitted");
        var committedBefore = offsets(clients, topic, "read_committed");
        boolean isHeld = clients.end(topic, "read_committed") < clients.end(topic, "read_uncommitted");
        var appended = clients.append(topic);
        before.addAll(appended.kept());
        before.addAll(appended.aborted());
        if (!isHeld) {
            committedBefore.addAll(appended.kept());
        }
        expectEqual(topic + " after appending", before, offsets(clients, topic, "read_uncommitted"));
        expectEqual(topic + " after appending, committed", committedBefore, offsets(clients, topic, "read_committed"));
        return appended.kept().size() + appended.aborted().size();
    }

    private static TreeSet<Long> offsets(Clients clients, String topic, String isolation) {
        var offsets = new TreeSet<Long>();
        clients.read(topic, isolation).forEach(line -> offsets.add(line.get("offset").asLong()));
        return offsets;
    }

    /** The broker took every partition as it was, with its snapshot of the producers, and has no objection. */
    private void expectTrust(long from) throws IOException {
        List<String> said = saidSince(from);
        for (String topic : topics.keySet()) {
            expectSaid(said, topic, "Loading producer state from snapshot file");
            for (String line : said) {
                boolean objects = line.contains(" WARN ") || line.contains(" ERROR ") || line.contains(RECOVERS);
                if (objects && line.contains(topic + "-0")) {
                    throw new Wrong("the broker says: " + line);
                }
            }
        }
    }

    private static void expectSaid(List<String> said, String topic, String what) {
        if (said.stream().noneMatch(line -> line.contains("partition=" + topic + "-0") && line.contains(what))) {
            throw new Wrong("the broker does not say of " + topic + "-0: " + what);
        }
    }

    private List<String> saidSince(long from) throws IOException {
        byte[] said = Files.readAllBytes(brokerLog);
        return new String(said, (int) from, said.length - (int) from, StandardCharsets.UTF_8).lines().toList();
    }

    private static void expectEqual(String what, Object wanted, Object found) {
        if (!wanted.equals(found)) {
            throw new Wrong(what + "\n  expected " + wanted + "\n  found    " + found);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void say(String what) {
        System.out.println("· " + what);
    }
}
