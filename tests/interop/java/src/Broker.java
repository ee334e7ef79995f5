import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeMap;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;

/** One real broker, which is its own controller, in this process. It listens on the loopback address alone. */
final class Broker implements AutoCloseable {
    final String address;
    private final KafkaRaftServer server;

    /** Makes a new data folder, as `kafka-storage format` does. */
    static void format(Path data) throws IOException {
        Path settings = Files.createTempFile(data.getParent(), "format", ".properties");
        try (var out = Files.newOutputStream(settings)) {
            settings(data, freePort(), freePort()).store(out, null);
        }
        String[] words = {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", settings.toString()};
        var printed = new ByteArrayOutputStream();
        if (StorageTool.execute(words, new PrintStream(printed)) != 0) {
            throw new Segments.Wrong("the storage tool did not format " + data + ": " + printed);
        }
        Files.delete(settings);
    }

    /** Starts on what lies in the data folder. */
    Broker(Path data) throws IOException {
        int port = freePort();
        address = "127.0.0.1:" + port;
        server = new KafkaRaftServer(KafkaConfig.fromProps(settings(data, port, freePort())), Time.SYSTEM);
        server.startup();
    }

    /** Stops cleanly. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties settings(Path data, int port, int controllerPort) {
        var settings = new TreeMap<String, String>();
        settings.put("node.id", "1");
        settings.put("process.roles", "broker,controller");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
        settings.put("log.dirs", data.toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        // Nothing goes because of its age or since it was overwritten: what was written stays to be compared.
        settings.put("log.retention.ms", "-1");
        settings.put("log.cleaner.enable", "false");
        var properties = new Properties();
        properties.putAll(settings);
        return properties;
    }

    /** A port that nobody listens on at the moment. */
    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
