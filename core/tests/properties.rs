//! What holds for every batch, and for every damage to one.

use kafka_lab::bytes::varint::{read_varint, read_varlong, varint_len, varlong_len, write_varint, write_varlong};
use kafka_lab::bytes::{Attributes, Bytes, Header, Record, RecordBatch, fields};
use kafka_lab::ids::{LeaderEpoch, Offset, ProducerEpoch, ProducerId};
use kafka_lab::log::{Segment, SegmentConfig};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..80).prop_map(Bytes::from)
}

fn header() -> impl Strategy<Value = Header> {
    (bytes(), option::of(bytes())).prop_map(|(key, value)| Header { key, value })
}

/// A record, its offset still relative to its batch's.
fn record() -> impl Strategy<Value = Record> {
    let fields =
        (0..i32::MAX, any::<i64>(), option::of(bytes()), option::of(bytes()), vec(header(), 0..4), any::<i8>());
    fields.prop_map(|(delta, timestamp_ms, key, value, headers, attributes)| Record {
        offset: Offset(delta.into()),
        timestamp_ms,
        key,
        value,
        headers,
        attributes,
    })
}

prop_compose! {
    /// Any batch that the format can say, sensible or not; not compressed.
    fn batch()(
        base in any::<i64>(),
        epoch in any::<i32>(),
        attributes in any::<i16>(),
        numbers in (any::<i32>(), any::<i64>(), any::<i64>(), any::<i64>(), any::<i16>(), any::<i32>()),
        records in vec(record(), 0..12),
    ) -> RecordBatch {
        let (last_offset_delta, base_timestamp_ms, max_timestamp_ms, ..) = numbers;
        let (.., producer_id, producer_epoch, base_sequence) = numbers;
        let place = |record: Record| Record { offset: Offset(base.wrapping_add(record.offset.0)), ..record };
        RecordBatch {
            base_offset: Offset(base),
            partition_leader_epoch: LeaderEpoch(epoch),
            attributes: Attributes(attributes & !7),
            last_offset_delta,
            base_timestamp_ms,
            max_timestamp_ms,
            producer_id: ProducerId(producer_id),
            producer_epoch: ProducerEpoch(producer_epoch),
            base_sequence,
            records: records.into_iter().map(place).collect(),
        }
    }
}

/// Sets the CRC right again after a change, so that the change is met behind it.
fn with_right_crc(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() >= 61 {
        let crc = crc32c::crc32c(&bytes[21..]);
        bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    }
    bytes
}

proptest! {
    #[test]
    fn encoded_and_decoded_is_the_same(batch in batch()) {
        let bytes = batch.encode();
        prop_assert_eq!(bytes.len(), batch.encoded_len());
        prop_assert_eq!(RecordBatch::decode(&bytes), Ok(batch.clone()));
        prop_assert_eq!(RecordBatch::decode_shared(&Bytes::from(bytes)), Ok(batch));
    }

    #[test]
    fn a_flipped_bit_is_told_or_outside_the_crc(batch in batch(), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let mut bytes = batch.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        match RecordBatch::decode(&bytes) {
            // The base offset and the leader epoch are what a leader stamps without a new CRC.
            Ok(_) => prop_assert!(at < 8 || (12..16).contains(&at), "byte {}", at),
            Err(problem) => prop_assert!(problem.place.at <= bytes.len() as u64),
        }
    }

    #[test]
    fn damage_behind_a_right_crc_never_panics(
        batch in batch(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = batch.encode();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        let bytes = with_right_crc(bytes);
        let decoded = RecordBatch::decode(&bytes);
        let inspection = fields(&bytes);
        prop_assert!(decoded.is_ok() || decoded.is_err_and(|problem| !problem.to_string().is_empty()));
        for field in inspection.fields.iter().filter(|field| !field.in_unpacked) {
            prop_assert_eq!(&field.raw[..], &bytes[field.range.clone()]);
        }
        let recovered = Segment::recover(batch.base_offset, SegmentConfig::default(), &bytes);
        prop_assert_eq!(recovered.segment.size_bytes() as u64 + recovered.cut_bytes, bytes.len() as u64);
    }

    #[test]
    fn varints_are_read_as_written(int in any::<i32>(), long in any::<i64>(), tail in vec(any::<u8>(), 0..3)) {
        let mut out = Vec::new();
        write_varint(&mut out, int);
        prop_assert_eq!(out.len(), varint_len(int));
        out.extend_from_slice(&tail);
        prop_assert_eq!(read_varint(&out), Ok((int, varint_len(int))));
        let mut out = Vec::new();
        write_varlong(&mut out, long);
        prop_assert_eq!(out.len(), varlong_len(long));
        out.extend_from_slice(&tail);
        prop_assert_eq!(read_varlong(&out), Ok((long, varlong_len(long))));
    }

    #[test]
    fn a_torn_segment_keeps_all_whole_batches(counts in vec(1..5_i64, 1..12), cut in any::<prop::sample::Index>()) {
        let config = SegmentConfig { index_interval_bytes: 100 };
        let mut segment = Segment::new(Offset(40), config);
        let (mut next, mut ends) = (40, vec![0]);
        for count in counts {
            let record = |offset| Record::new(Offset(offset), 1_000 + offset, None, Some(Bytes::from_static(b"value")));
            segment.append(&RecordBatch::of_records((next..next + count).map(record).collect())).expect("appended");
            next += count;
            ends.push(segment.size_bytes());
        }
        let len = cut.index(segment.size_bytes() + 1);
        let recovered = Segment::recover(Offset(40), config, &segment.file()[..len]);
        let kept = *ends.iter().filter(|end| **end <= len).max().expect("0 at least");
        prop_assert_eq!(recovered.segment.size_bytes(), kept);
        prop_assert_eq!(recovered.cut_bytes, (len - kept) as u64);
        prop_assert_eq!(recovered.reason.is_some(), kept < len);
        for entry in recovered.segment.offset_index().entries() {
            let found = recovered.segment.find(entry.offset).expect("an index entry points to a batch");
            prop_assert_eq!((found.last_offset(), found.position), (entry.offset, entry.position.into()));
        }
    }
}
