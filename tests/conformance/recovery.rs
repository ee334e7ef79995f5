//! Recovery of a segment that was being written when the broker stopped (Kafka: `LogSegment.recover`).

use kafka_lab::bytes::{Bytes, Record, RecordBatch};
use kafka_lab::ids::Offset;
use kafka_lab::log::{Segment, SegmentConfig};

/// Batches of one to three records and of many sizes, their times not in order.
fn segment(number: i64, config: SegmentConfig) -> Segment {
    let mut segment = Segment::new(Offset(number), config);
    let mut next = number;
    for batch in 0..number % 7 {
        let records = 1 + (batch + number) % 3;
        let value = |offset: i64| vec![b'v'; usize::try_from(offset * 37 % 90).expect("a length")];
        let record =
            |offset| Record::new(Offset(offset), 1000 + offset * 31 % 17, None, Some(Bytes::from(value(offset))));
        segment.append(&RecordBatch::of_records((next..next + records).map(record).collect())).expect("appended");
        next += records;
    }
    segment
}

/// A torn tail is cut, and the rest has the indexes that appending gave.
#[test]
fn recovery_finds_the_torn_tail() {
    for number in 0..30 {
        let config = SegmentConfig { index_interval_bytes: 150 };
        let segment = segment(number, config);
        let mut closed = segment.clone();
        closed.close();
        let recovered = Segment::recover(segment.base_offset(), config, segment.file());
        assert_eq!((recovered.cut_bytes, recovered.reason), (0, None));
        assert_eq!(recovered.segment.file(), segment.file());
        assert_eq!(recovered.segment.offset_index(), closed.offset_index());
        assert_eq!(recovered.segment.time_index(), closed.time_index());
        let Some(last) = segment.batches().last() else {
            continue;
        };
        let end = segment.file().len();
        let start = usize::try_from(last.position).expect("a place in memory");
        for cut in [1, end - start - 1] {
            let torn = Segment::recover(segment.base_offset(), config, &segment.file()[..end - cut]);
            assert_eq!(torn.segment.file(), &segment.file()[..start]);
            assert_eq!(torn.cut_bytes as usize, end - cut - start);
            assert!(torn.reason.is_some());
        }
        let mut flipped = segment.file().to_vec();
        flipped[end - 1] ^= 4;
        let flipped = Segment::recover(segment.base_offset(), config, &flipped);
        assert_eq!(flipped.segment.file(), &segment.file()[..start]);
    }
}
