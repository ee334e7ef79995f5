//! What the fuzz targets share: an allocator that refuses more than the input justifies, and ways to get an input
//! past the checks that would stop nearly all random bytes.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use kafka_lab::bytes::{BatchHeader, Compression, HEADER_BYTES, LOG_OVERHEAD_BYTES, RecordBatch, UNPACKED_BYTES_MAX};
use kafka_lab::ids::Offset;
use kafka_lab::log::{BatchSummary, Scan, Segment, SegmentConfig};

/// Counts what is allocated while an input is read.
#[derive(Debug)]
pub struct CountingAllocator;

static LIVE_BYTES: AtomicUsize = AtomicUsize::new(0);
static LIMIT_BYTES: AtomicUsize = AtomicUsize::new(usize::MAX);

fn count(bytes: usize) {
    let live = LIVE_BYTES.fetch_add(bytes, Relaxed) + bytes;
    let limit = LIMIT_BYTES.load(Relaxed);
    if live > limit {
        // The message itself may allocate.
        LIMIT_BYTES.store(usize::MAX, Relaxed);
        panic!("{live} bytes are allocated, at most {limit} may be; the last {bytes} at once");
    }
}

// SAFETY: everything is handed on to the system's allocator as it is; only sizes are counted.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        LIVE_BYTES.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    // Growing in place is counted as both blocks at once, which it may be.
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        count(new_size);
        let grown = unsafe { System.realloc(pointer, layout, new_size) };
        LIVE_BYTES.fetch_sub(layout.size(), Relaxed);
        grown
    }
}

/// Runs `read` with `limit_bytes` of memory beside what was there before; more is a panic.
pub fn within<T>(limit_bytes: usize, read: impl FnOnce() -> T) -> T {
    LIMIT_BYTES.store(LIVE_BYTES.load(Relaxed).saturating_add(limit_bytes), Relaxed);
    let outcome = read();
    LIMIT_BYTES.store(usize::MAX, Relaxed);
    outcome
}

/// What reading `input_bytes` without compression may take: a header of 2 bytes becomes 64, a record of 7 becomes
/// 112, and vectors may be half empty.
pub fn plain_limit_bytes(input_bytes: usize) -> usize {
    64 * 1024 + 80 * input_bytes
}

/// What reading the fields of `input_bytes` may take: an empty string is one byte and becomes a value of at most 56, in
/// a vector that holds twice as many and, while it grows, the old ones too.
pub fn fields_limit_bytes(input_bytes: usize) -> usize {
    64 * 1024 + 3 * 56 * input_bytes
}

/// What reading `input_bytes` with compression may take: no byte gives more than 32 KiB (a Zstandard block of one
/// repeated byte gives 128 KiB from 4), and never more than the cap: once for what is unpacked, once for a codec's
/// window, and half of it again while a vector grows.
pub fn packed_limit_bytes(input_bytes: usize) -> usize {
    let cap = usize::try_from(UNPACKED_BYTES_MAX).expect("64 MiB");
    let justified = 2 * 1024 * 1024 + input_bytes * 3 * 32 * 1024;
    justified.min(2 * cap + cap / 2) + plain_limit_bytes(input_bytes)
}

/// Makes the checks of a batch's header pass that random bytes do not: magic, length, CRC, and, if given, the
/// compression bits. The first byte of the input chooses whether.
pub fn mended(input: &[u8], compression: impl Fn(u8) -> Compression) -> Vec<u8> {
    let Some((&choice, batch)) = input.split_first() else { return Vec::new() };
    let mut batch = batch.to_vec();
    if choice & 1 == 1 {
        mend(&mut batch, compression(choice >> 1));
    }
    batch
}

/// Mends one batch.
pub fn mend(batch: &mut [u8], compression: Compression) {
    if batch.len() < HEADER_BYTES {
        return;
    }
    let length = u32::try_from(batch.len() - LOG_OVERHEAD_BYTES).expect("a small input");
    batch[8..12].copy_from_slice(&length.to_be_bytes());
    batch[16] = 2;
    batch[22] = (batch[22] & !7) | compression.code();
    let crc = crc32c::crc32c(&batch[21..]);
    batch[17..21].copy_from_slice(&crc.to_be_bytes());
}

/// Takes an input as a file of batches, each with its length in front (two bytes); mends them one by one, so that
/// the reader comes past the first. What is left over is the file's tail.
pub fn mended_file(input: &[u8], compression: impl Fn(u8) -> Compression) -> Vec<u8> {
    let Some((&choice, mut rest)) = input.split_first() else { return Vec::new() };
    if choice & 1 == 0 {
        return rest.to_vec();
    }
    let mut file = Vec::new();
    while let Some((&[high, low, kind], behind)) = rest.split_first_chunk::<3>() {
        let len = usize::from(u16::from_be_bytes([high, low])) % 4096;
        let Some((batch, behind)) = behind.split_at_checked(len) else { break };
        let at = file.len();
        file.extend_from_slice(batch);
        if kind & 1 == 1 {
            mend(&mut file[at..], compression(kind >> 1));
        }
        rest = behind;
    }
    file.extend_from_slice(rest);
    file
}

/// Whether a batch's header says that its records are not compressed, or is no header.
pub fn is_plain(batch: &[u8]) -> bool {
    BatchHeader::decode(batch).map_or(true, |header| header.attributes.compression() == Ok(Compression::None))
}

/// One of the codecs.
pub fn any_codec(choice: u8) -> Compression {
    Compression::ALL[usize::from(choice) % Compression::ALL.len()]
}

/// Reads a batch in every way there is.
pub fn read_batch(batch: &[u8]) {
    let decoded = RecordBatch::decode(batch);
    let inspection = kafka_lab::bytes::fields(batch);
    if let Ok(decoded) = decoded {
        assert_eq!(inspection.problems.len(), bad_controls(&decoded), "{:?}", inspection.problems);
        assert_eq!(decoded.encode().len(), decoded.encoded_len());
    }
    for field in inspection.fields {
        assert_eq!(field.raw.len(), field.range.len());
    }
    if let Err(problem) = BatchHeader::decode(batch) {
        assert!(problem.place.at <= batch.len() as u64);
    }
}

/// Control records that say nothing sensible: the inspector tells of them, the decoder keeps them as they are.
fn bad_controls(batch: &RecordBatch) -> usize {
    let records = if batch.attributes.is_control() { batch.records.as_slice() } else { &[] };
    records.iter().filter(|record| kafka_lab::bytes::ControlRecord::decode(record).is_err()).count()
}

/// Reads an index file under base offsets from the lowest to the highest that a name can say. `read` gives the bytes
/// that were accounted for, and the file written again.
pub fn read_index(input: &[u8], read: impl Fn(Offset) -> Option<(usize, Vec<u8>)>) {
    for base_offset in [Offset(0), Offset(i64::MAX), Offset(i64::MIN)] {
        let Some((bytes, again)) = within(plain_limit_bytes(input.len()), || read(base_offset)) else { continue };
        assert_eq!(bytes, input.len());
        assert_eq!(again, input);
    }
}

/// Reads a segment's file in every way there is.
pub fn read_segment(file: &[u8]) {
    let base_offset = Scan::new(file, 0).find_map(Result::ok).map_or(Offset::ZERO, |batch| batch.base_offset());
    let config = SegmentConfig { index_interval_bytes: 64 };
    let recovered = Segment::recover(base_offset, config, file);
    let segment = &recovered.segment;
    assert_eq!(segment.size_bytes() as u64 + recovered.cut_bytes, file.len() as u64);
    assert_eq!(segment.file(), &file[..segment.size_bytes()]);
    let again = Segment::recover(base_offset, config, segment.file());
    assert_eq!(again.reason, None);
    let batches: Vec<BatchSummary> = segment.batches().collect();
    for batch in &batches {
        read_batch(Scan::new(segment.file(), 0).bytes_of(batch));
        // Nothing says that the offsets ascend, so it may not be found.
        let _found = segment.find(batch.last_offset());
        segment.find_by_timestamp(batch.header.max_timestamp_ms).ok();
        drop(segment.read(batch.last_offset(), 100));
    }
    let mut cut = segment.clone();
    if let Some(last) = batches.last() {
        cut.truncate_to(last.base_offset());
        assert!(cut.size_bytes() <= segment.size_bytes());
    }
}
