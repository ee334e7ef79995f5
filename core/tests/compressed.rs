//! Compressed batches: bombs, lies about sizes, and what every codec's reader in Kafka takes and refuses.
#![cfg(feature = "codecs")]

use std::io::Write;

use kafka_lab::bytes::varint::write_varint;
use kafka_lab::bytes::{
    Attributes, BatchHeader, Bytes, Compression, Fault, PackedFault, Problem, Record, RecordBatch, Records,
    UNPACKED_BYTES_MAX, fields,
};
use kafka_lab::ids::Offset;

const MIB: usize = 1024 * 1024;

/// The records of a small batch, as they stand behind its header.
fn plain_records() -> (RecordBatch, Vec<u8>) {
    let record = |n: i64| {
        let value = Bytes::from(format!("value {n} ").repeat(40));
        Record::new(Offset(n), 1_000 + n, Some(Bytes::from(format!("key {n}"))), Some(value))
    };
    let batch = RecordBatch::of_records((0..20).map(record).collect());
    let bytes = batch.encode();
    (batch, bytes[61..].to_vec())
}

/// A batch with these packed bytes behind its header, its length and CRC right.
fn packed_batch(compression: Compression, packed: &[u8]) -> Vec<u8> {
    let mut bytes = plain_records().0.encode();
    bytes.truncate(61);
    bytes.extend_from_slice(packed);
    let length = u32::try_from(bytes.len() - 12).expect("a small batch");
    bytes[8..12].copy_from_slice(&length.to_be_bytes());
    bytes[21..23].copy_from_slice(&Attributes::PLAIN.with_compression(compression).0.to_be_bytes());
    let crc = crc32c::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn decode(compression: Compression, packed: &[u8]) -> Result<Vec<Record>, Problem> {
    RecordBatch::decode(&packed_batch(compression, packed)).map(|batch| batch.records)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

fn snappy(blocks: &[&[u8]]) -> Vec<u8> {
    let mut out = b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01".to_vec();
    for block in blocks {
        let packed = snap::raw::Encoder::new().compress_vec(block).expect("in memory");
        out.extend_from_slice(&u32::try_from(packed.len()).expect("small").to_be_bytes());
        out.extend_from_slice(&packed);
    }
    out
}

/// A frame as Kafka writes it, blocks of up to 4 MiB; `HC` is the second byte of the descriptor's xxHash32.
fn lz4(blocks: &[&[u8]]) -> Vec<u8> {
    let mut out = b"\x04\x22\x4d\x18\x60\x70\x73".to_vec();
    for block in blocks {
        let packed = lz4_flex::block::compress(block);
        out.extend_from_slice(&u32::try_from(packed.len()).expect("small").to_le_bytes());
        out.extend_from_slice(&packed);
    }
    out.extend_from_slice(&[0; 4]);
    out
}

/// A frame without a content size, its blocks raw or one byte repeated.
fn zstd(window: u8, blocks: &[ZstdBlock<'_>]) -> Vec<u8> {
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, window];
    for (index, block) in blocks.iter().enumerate() {
        let last = u32::from(index + 1 == blocks.len());
        let (kind, size, content) = match *block {
            ZstdBlock::Raw(bytes) => (0, bytes.len(), bytes),
            ZstdBlock::Repeated(times) => (1, times, &b"\0"[..]),
        };
        let header = last | (kind << 1) | (u32::try_from(size).expect("small") << 3);
        out.extend_from_slice(&header.to_le_bytes()[..3]);
        out.extend_from_slice(content);
    }
    out
}

#[derive(Clone, Copy)]
enum ZstdBlock<'a> {
    Raw(&'a [u8]),
    Repeated(usize),
}

#[test]
fn every_codec_gives_the_records_back() {
    let (batch, plain) = plain_records();
    let (front, back) = plain.split_at(100);
    let raw_snappy = snap::raw::Encoder::new().compress_vec(&plain).expect("in memory");
    for (compression, packed) in [
        (Compression::Gzip, gzip(&plain)),
        (Compression::Gzip, [gzip(front), gzip(back)].concat()),
        (Compression::Gzip, [gzip(&plain), b"ignored".to_vec()].concat()),
        (Compression::Snappy, snappy(&[&plain])),
        (Compression::Snappy, snappy(&[front, back])),
        (Compression::Snappy, [snappy(&[front]), snappy(&[back])].concat()),
        (Compression::Snappy, raw_snappy),
        (Compression::Lz4, lz4(&[front, back])),
        (Compression::Lz4, [lz4(&[&plain]), b"ignored".to_vec()].concat()),
        (Compression::Zstd, zstd(0x58, &[ZstdBlock::Raw(front), ZstdBlock::Raw(back)])),
        (Compression::Zstd, [zstd(0x58, &[ZstdBlock::Raw(front)]), zstd(0x58, &[ZstdBlock::Raw(back)])].concat()),
        (Compression::Zstd, [b"\x50\x2a\x4d\x18\x02\0\0\0xx".to_vec(), zstd(0x58, &[ZstdBlock::Raw(&plain)])].concat()),
    ] {
        assert_eq!(decode(compression, &packed).as_ref(), Ok(&batch.records), "{compression}");
        assert_eq!(fields(&packed_batch(compression, &packed)).problems, [], "{compression}");
    }
}

/// A few hundred kilobytes at most that would unpack to more than a batch may.
#[test]
fn bombs_are_refused_at_the_cap() {
    let zeros = vec![0; 65 * MIB];
    let four = &zeros[..4 * MIB];
    for (compression, packed) in [
        (Compression::Gzip, gzip(&zeros)),
        (Compression::Snappy, snappy(&[&zeros[..33 * MIB], &zeros[..33 * MIB]])),
        (Compression::Lz4, lz4(&[four; 17])),
        (Compression::Zstd, zstd(0x58, &[ZstdBlock::Repeated(128 * 1024); 520])),
    ] {
        let outcome = decode(compression, &packed);
        // Zeros are no records, so the first one stops a reader before the cap does, unless it unpacks all first.
        let problem = outcome.expect_err("a bomb was read");
        assert!(problem.place.at >= 61, "{compression}: {problem}");
        let limit_bytes = UNPACKED_BYTES_MAX;
        let refused = kafka_lab::bytes::Records::new(
            &kafka_lab::bytes::BatchHeader::decode(&packed_batch(compression, &packed)).expect("a header"),
            &Bytes::from(packed_batch(compression, &packed)),
        );
        assert_eq!(
            refused.expect("records").unpacking_problem().map(|problem| problem.fault),
            Some(Fault::UnpacksTooFar { limit_bytes })
        );
    }
}

/// Many tiny records: what is unpacked fits, what they would take in memory does not.
#[test]
fn records_count_against_the_cap_too() {
    let record = [12, 0, 0, 0, 1, 1, 0];
    let plain = record.repeat(2 * MIB);
    let mut bytes = packed_batch(Compression::Gzip, &gzip(&plain));
    bytes[57..61].copy_from_slice(&u32::try_from(2 * MIB).expect("small").to_be_bytes());
    let crc = crc32c::crc32c(&bytes[21..]);
    bytes[17..21].copy_from_slice(&crc.to_be_bytes());
    let problem = RecordBatch::decode(&bytes).expect_err("240 MiB of records");
    assert_eq!(problem.fault, Fault::UnpacksTooFar { limit_bytes: UNPACKED_BYTES_MAX });
}

/// One record with many empty headers.
#[test]
fn headers_count_against_the_cap_too() {
    let headers = [0, 1].repeat(2 * MIB);
    let mut body = vec![0, 0, 0, 1, 1];
    write_varint(&mut body, 2 * MIB as i32);
    body.extend_from_slice(&headers);
    let mut plain = Vec::new();
    write_varint(&mut plain, i32::try_from(body.len()).expect("small"));
    plain.extend_from_slice(&body);
    let problem = decode(Compression::Gzip, &gzip(&plain)).expect_err("128 MiB of headers");
    assert_eq!(problem.fault, Fault::UnpacksTooFar { limit_bytes: UNPACKED_BYTES_MAX });
}

/// The stream is cut, but what came out of it before is wrong already: a record of negative length.
#[test]
fn what_comes_first_is_told_first() {
    let packed = gzip(&[1; 40]);
    let problem = decode(Compression::Gzip, &packed[..packed.len() - 4]).expect_err("no record");
    assert!(matches!(problem.fault, Fault::TooSmall { .. }), "{problem}");
    let batch = Bytes::from(packed_batch(Compression::Gzip, &packed));
    let header = BatchHeader::decode(&batch).expect("a header");
    assert!(Records::new(&header, &batch).is_ok_and(|records| records.is_packed()));
}

#[test]
fn lies_about_sizes_are_not_believed() {
    let fault = |compression, packed: &[u8]| match decode(compression, packed).expect_err("a lie was believed").fault {
        Fault::Packed { fault, .. } => fault,
        other => panic!("{other:?}"),
    };
    // A snappy block of 4 bytes that says it gives 2 GiB.
    let snappy_lie = [&b"\x82SNAPPY\0\0\0\0\x01\0\0\0\x01\0\0\0\x06"[..], b"\x80\x80\x80\x80\x08\0"].concat();
    assert_eq!(fault(Compression::Snappy, &snappy_lie), PackedFault::Size);
    // A zstd frame that says a match may reach back 2 GiB, and one that says it is one piece of 2 GiB.
    assert_eq!(fault(Compression::Zstd, &zstd(0xa8, &[ZstdBlock::Raw(b"x")])), PackedFault::Size);
    let one_piece = [&b"\x28\xb5\x2f\xfd\xe0"[..], &(1_u64 << 31).to_le_bytes(), b"\x01\0\0"].concat();
    assert_eq!(fault(Compression::Zstd, &one_piece), PackedFault::Size);
    // An lz4 frame whose blocks depend on each other, which Kafka does not read; a block longer than its frame says.
    assert_eq!(fault(Compression::Lz4, b"\x04\x22\x4d\x18\x40\x40\xc0\0\0\0\0"), PackedFault::Header);
    assert_eq!(fault(Compression::Lz4, b"\x04\x22\x4d\x18\x60\x40\x82\xff\xff\xff\x7f"), PackedFault::Size);
}

#[test]
fn what_is_cut_or_changed_is_told() {
    let (_, plain) = plain_records();
    for (compression, packed) in [
        (Compression::Gzip, gzip(&plain)),
        (Compression::Snappy, snappy(&[&plain])),
        (Compression::Lz4, lz4(&[&plain])),
        (Compression::Zstd, zstd(0x58, &[ZstdBlock::Raw(&plain[..500]), ZstdBlock::Raw(&plain[500..])])),
    ] {
        for len in 0..packed.len() {
            let problem = decode(compression, &packed[..len]).expect_err("a cut stream was read");
            assert!(problem.place.at >= 61 && problem.place.at <= 61 + len as u64, "{compression} {len}: {problem}");
        }
    }
    let mut gzip = gzip(&plain);
    let crc_at = gzip.len() - 8;
    gzip[crc_at] ^= 1;
    let problem = decode(Compression::Gzip, &gzip).expect_err("a wrong CRC was read");
    assert_eq!(problem.fault, Fault::Packed { compression: Compression::Gzip, fault: PackedFault::Checksum });
}
