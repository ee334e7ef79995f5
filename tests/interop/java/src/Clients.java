import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Real clients of one broker. Every topic has one partition. */
final class Clients {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** About so many records of a topic are looked for one by one. */
    private static final int LOOKED_FOR = 15;
    private final String address;

    Clients(String address) {
        this.address = address;
    }

    /** Creates the topics with their settings; their ids, as Kafka prints them. */
    Map<String, String> create(Map<String, Map<String, String>> topics)
        throws ExecutionException, InterruptedException {
        var ids = new TreeMap<String, String>();
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", address))) {
            var wanted = new ArrayList<NewTopic>();
            topics.forEach((name, settings) -> wanted.add(new NewTopic(name, 1, (short) 1).configs(settings)));
            var created = admin.createTopics(wanted);
            for (String name : topics.keySet()) {
                ids.put(name, created.topicId(name).get().toString());
            }
        }
        return ids;
    }

    /** Every record from the log's start to where this isolation level may read. */
    List<JsonNode> read(String topic, String isolation) {
        var partition = new TopicPartition(topic, 0);
        var lines = new ArrayList<JsonNode>();
        try (var consumer = consumer(partition, isolation)) {
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new Segments.Wrong(topic + ", " + isolation + ": no further than "
                        + consumer.position(partition) + " of " + end);
                }
                consumer.poll(Duration.ofMillis(200)).records(partition).forEach(record -> lines.add(Lines.of(record)));
            }
        }
        return lines;
    }

    /**
     * Looks for some of these records by their offset and by their time, which the broker does by its indexes. Says how
     * many it looked for.
     */
    int lookUp(String topic, List<JsonNode> lines) {
        var partition = new TopicPartition(topic, 0);
        int lookedFor = 0;
        try (var consumer = consumer(partition, "read_uncommitted")) {
            for (int at = 0; at < lines.size(); at += 1 + lines.size() / LOOKED_FOR) {
                JsonNode line = lines.get(at);
                consumer.seek(partition, line.get("offset").asLong());
                var found = consumer.poll(PATIENCE).records(partition);
                Lines.expectEqual(topic + ", from an offset", List.of(line), List.of(Lines.of(found.get(0))));
                long time = line.get("timestamp").asLong();
                var notBefore = lines.stream().filter(other -> other.get("timestamp").asLong() >= time);
                long first = notBefore.findFirst().get().get("offset").asLong();
                var byTime = consumer.offsetsForTimes(Map.of(partition, time)).get(partition);
                if (byTime == null || byTime.offset() != first) {
                    throw new Segments.Wrong(topic + ", time " + time + ": found " + byTime + ", expected " + first);
                }
                lookedFor++;
            }
        }
        return lookedFor;
    }

    /** It does not let the broker wait for more to come. */
    private KafkaConsumer<byte[], byte[]> consumer(TopicPartition partition, String isolation) {
        Map<String, Object> settings =
            Map.of("bootstrap.servers", address, "isolation.level", isolation, "fetch.max.wait.ms", "10");
        var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        return consumer;
    }

    /** Where this isolation level stops reading. */
    long end(String topic, String isolation) throws ExecutionException, InterruptedException {
        var partition = new TopicPartition(topic, 0);
        var options = new ListOffsetsOptions(IsolationLevel.valueOf(isolation.toUpperCase(Locale.ROOT)));
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", address))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()), options).partitionResult(partition).get()
                .offset();
        }
    }

    /** What was appended: the offsets that all readers get, and those that an aborted transaction took back. */
    record Appended(List<Long> kept, List<Long> aborted) {}

    /** Appends to a topic without a producer id, with one, and in a committed and an aborted transaction. */
    Appended append(String topic) throws ExecutionException, InterruptedException {
        var appended = new Appended(new ArrayList<>(), new ArrayList<>());
        try (var plain = producer(Map.of("enable.idempotence", "false", "compression.type", "zstd"))) {
            appended.kept.addAll(send(plain, topic, "plain", 3));
        }
        try (var idempotent = producer(Map.of("enable.idempotence", "true", "compression.type", "lz4"))) {
            appended.kept.addAll(send(idempotent, topic, "idempotent", 4));
        }
        try (var transactional = producer(Map.of("transactional.id", "append-" + topic))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            appended.kept.addAll(send(transactional, topic, "committed", 2));
            transactional.commitTransaction();
            transactional.beginTransaction();
            appended.aborted.addAll(send(transactional, topic, "aborted", 2));
            transactional.abortTransaction();
        }
        return appended;
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        var all = new TreeMap<>(settings);
        all.put("bootstrap.servers", address);
        all.put("acks", "all");
        all.put("linger.ms", "20");
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<Long> send(KafkaProducer<byte[], byte[]> producer, String topic, String what, int count)
        throws ExecutionException, InterruptedException {
        var sent = new ArrayList<Future<RecordMetadata>>();
        for (int number = 0; number < count; number++) {
            byte[] key = number == 0 ? null : what.getBytes();
            var record = new ProducerRecord<>(topic, 0, key, (what + " " + number).getBytes());
            record.headers().add("number", new byte[] {(byte) number});
            sent.add(producer.send(record));
        }
        producer.flush();
        var offsets = new ArrayList<Long>();
        for (var answer : sent) {
            offsets.add(answer.get().offset());
        }
        return offsets;
    }
}
