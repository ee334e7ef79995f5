# lets a real Kafka 4.3.1 work with what the lab writes, and the lab with what Kafka then writes
# usage: ./lab interop segments
#
#   segments   a broker starts on partition folders that the lab wrote, once as after a clean stop and once as after a
#              crash; real consumers read them, real producers append to them, and the lab reads all of it again
#
# It needs a JDK 17 or newer and Maven, which gets Kafka's jars (54 MB, once). Without them it names what is missing and
# exits with 3. Everything listens on 127.0.0.1 alone. If something is wrong the folder it worked in is kept and named.
source tools/lib/common.sh
source tools/lib/tools.sh

asked_for_help "$@" && { usage; exit; }
[[ $# == 1 && $1 == segments ]] || wrong "'interop' takes one word, segments, found '$*'"
began=$SECONDS
need_rust
need_jdk
need_kafka_jars

step "compiling the lab's part (a minute, once)" \
  cargo build --quiet --locked --package kafka-lab-tests --package kafka-lab --features kafka-lab/cli \
  --example interop --bin kafka-lab
work=$(mktemp -d)
finish() {
  local code=$?
  if ((code == 0)); then rm -rf "$work"; else say "kept: $work" >&2; fi
}
trap finish EXIT
step "compiling the part with the broker" \
  javac -Xlint:all,-path,-processing,-classfile -d "$work/classes" -cp "$kafka_jars/*" tests/interop/java/src/*.java
# A minute is usual; a broker that never stops must not keep anybody waiting.
timeout --foreground 300 java -Xmx512m -Dinterop.log="$work/broker.log" \
  -Dlog4j2.configurationFile=tests/interop/java/log4j2.properties -cp "$work/classes:$kafka_jars/*" \
  Segments "$work" "$target/debug/examples/interop" "$target/debug/kafka-lab"
say "a real Kafka and the lab agree, $((SECONDS - began)) s"
