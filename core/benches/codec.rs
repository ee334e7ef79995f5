//! Encoding and decoding record batches, beside the crate `kafka-protocol`, in the same run: `./lab bench codec`.
//!
//! Both decode zero-copy out of shared bytes into all records with keys, values and headers, and check the CRC; both
//! encode from such records into a new buffer. After divan's table, each pair is measured in turns and its ratio is
//! printed: below 1 the lab is the faster one. The program fails if a ratio is above 1.

use std::hint::black_box;
use std::process::ExitCode;

use bytes::{Bytes, BytesMut};
use divan::Bencher;
use divan::counter::BytesCount;
use kafka_lab::bytes::{Header, Record, RecordBatch};
use kafka_lab::ids::Offset;
use kafka_protocol::records as peer;

/// What a batch is like.
#[derive(Clone, Copy, Debug)]
struct Shape {
    name: &'static str,
    records: usize,
    value_bytes: usize,
    headers: usize,
}

const SHAPES: [Shape; 5] = [
    Shape { name: "1 record of 100 B", records: 1, value_bytes: 100, headers: 0 },
    Shape { name: "50 records of 100 B", records: 50, value_bytes: 100, headers: 0 },
    Shape { name: "500 records of 20 B", records: 500, value_bytes: 20, headers: 0 },
    Shape { name: "100 records of 1 KiB", records: 100, value_bytes: 1024, headers: 0 },
    Shape { name: "50 records of 100 B, 3 headers", records: 50, value_bytes: 100, headers: 3 },
];

fn main() -> ExitCode {
    divan::main();
    ratios()
}

fn batch(shape: Shape) -> RecordBatch {
    let header = |n: usize| Header::new(format!("header-{n}"), Some(Bytes::from(format!("value {n}"))));
    let record = |n: usize| Record {
        headers: (0..shape.headers).map(header).collect(),
        ..Record::new(
            Offset(1_000_000 + n as i64),
            1_700_000_000_000 + 7 * n as i64,
            Some(Bytes::from(format!("account-{}", n % 17))),
            Some(Bytes::from(vec![b'v'; shape.value_bytes])),
        )
    };
    RecordBatch::of_records((0..shape.records).map(record).collect())
}

fn encoded(shape: Shape) -> Bytes {
    Bytes::from(batch(shape).encode())
}

fn peer_decode(bytes: &Bytes) -> peer::RecordSet {
    peer::RecordBatchDecoder::decode(&mut bytes.clone()).expect("kafka-protocol reads the batch")
}

fn peer_encode(records: &[peer::Record]) -> BytesMut {
    let options = peer::RecordEncodeOptions { version: 2, compression: peer::Compression::None };
    let mut out = BytesMut::new();
    peer::RecordBatchEncoder::encode(&mut out, records, &options).expect("kafka-protocol writes the batch");
    out
}

#[divan::bench(args = SHAPES.map(|shape| shape.name))]
fn decode(bencher: Bencher, name: &str) {
    let bytes = encoded(shape_of(name));
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| RecordBatch::decode_shared(black_box(&bytes)));
}

#[divan::bench(args = SHAPES.map(|shape| shape.name))]
fn decode_peer(bencher: Bencher, name: &str) {
    let bytes = encoded(shape_of(name));
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| peer_decode(black_box(&bytes)));
}

#[divan::bench(args = SHAPES.map(|shape| shape.name))]
fn encode(bencher: Bencher, name: &str) {
    let batch = batch(shape_of(name));
    bencher.counter(BytesCount::new(batch.encoded_len())).bench(|| black_box(&batch).encode());
}

#[divan::bench(args = SHAPES.map(|shape| shape.name))]
fn encode_peer(bencher: Bencher, name: &str) {
    let bytes = encoded(shape_of(name));
    let records = peer_decode(&bytes).records;
    bencher.counter(BytesCount::of_slice(&bytes)).bench(|| peer_encode(black_box(&records)));
}

fn shape_of(name: &str) -> Shape {
    SHAPES.into_iter().find(|shape| shape.name == name).expect("a shape of the list")
}

/// Measures each pair in turns, so that what else the machine does falls on both.
fn ratios() -> ExitCode {
    // Divan was only asked for its list, or runs as a test.
    if std::env::args().any(|arg| arg == "--list" || arg == "--test") {
        return ExitCode::SUCCESS;
    }
    let mut slower = 0;
    println!("\nthe lab / kafka-protocol, the best of {ROUNDS} turns each; below 1 the lab is faster");
    for shape in SHAPES {
        let (batch, bytes) = (batch(shape), encoded(shape));
        let records = peer_decode(&bytes).records;
        assert_eq!(peer_encode(&records)[61..], bytes[61..], "both write the same records");
        let decode = ratio(|| RecordBatch::decode_shared(&bytes), || peer_decode(&bytes));
        let encode = ratio(|| batch.encode(), || peer_encode(&records));
        println!("{:32} decode {decode:.2}   encode {encode:.2}", shape.name);
        slower += usize::from(decode > 1.0) + usize::from(encode > 1.0);
    }
    if slower == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

const ROUNDS: usize = 60;

/// How much time `ours` takes for each unit of time that `theirs` does.
fn ratio<A, B>(ours: impl Fn() -> A, theirs: impl Fn() -> B) -> f64 {
    let repeats = (2_000_000 / nanoseconds(1, &theirs).max(100)).max(1);
    let pairs = (0..ROUNDS).map(|_| (nanoseconds(repeats, &ours), nanoseconds(repeats, &theirs)));
    // The work is always the same: what is above the best turn is what else the machine did.
    let (ours, theirs): (Vec<u64>, Vec<u64>) = pairs.unzip();
    ours.into_iter().min().unwrap_or(0) as f64 / theirs.into_iter().min().unwrap_or(0) as f64
}

#[expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn nanoseconds<T>(repeats: u64, work: impl Fn() -> T) -> u64 {
    let began = std::time::Instant::now();
    for _ in 0..repeats {
        black_box(work());
    }
    u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
