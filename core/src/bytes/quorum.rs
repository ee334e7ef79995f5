//! What control records say of the metadata quorum: who leads, who votes (KIP-595, KIP-853).

use bytes::Bytes;

use super::control::{NO_TAGGED_FIELDS, read_tagged_fields};
use super::field::{FieldName, FieldValue, Watch};
use super::problem::{Fault, Problem};
use super::reader::Reader;
use super::varint;

/// A directory's id: a UUID, 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DirectoryId(pub [u8; 16]);

/// `LeaderChangeMessage`: written by a new leader as the first record of its epoch.
///
/// Kafka 4.3 writes version 0, and reads every version as if it were 0: the directory ids that version 1 has a place
/// for (KIP-853) are neither written nor read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaderChange {
    /// As it stands.
    pub version: i16,
    pub leader_id: i32,
    /// Ids of the voters.
    pub voters: Vec<i32>,
    /// Ids of those whose votes made it leader.
    pub granting_voters: Vec<i32>,
}

/// A voter, as a voters record names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voter {
    pub voter_id: i32,
    pub directory_id: DirectoryId,
    pub endpoints: Vec<Endpoint>,
    /// The lowest and highest version of KRaft that the voter speaks.
    pub min_supported_version: i16,
    pub max_supported_version: i16,
}

/// Where a voter listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// The listener's name, UTF-8.
    pub name: Bytes,
    pub host: Bytes,
    pub port: u16,
}

impl LeaderChange {
    pub(super) fn read<W: Watch>(r: &mut Reader<'_, W>) -> Result<LeaderChange, Problem> {
        let version = r.i16(FieldName::ControlVersion)?;
        let leader_id = r.i32(FieldName::LeaderId)?;
        let voters = read_voter_ids(r)?;
        let granting_voters = read_voter_ids(r)?;
        read_tagged_fields(r)?;
        Ok(LeaderChange { version, leader_id, voters, granting_voters })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.version.to_be_bytes());
        out.extend_from_slice(&self.leader_id.to_be_bytes());
        write_voter_ids(out, &self.voters);
        write_voter_ids(out, &self.granting_voters);
        out.push(NO_TAGGED_FIELDS);
    }
}

fn read_voter_ids<W: Watch>(r: &mut Reader<'_, W>) -> Result<Vec<i32>, Problem> {
    let count = read_count(r, FieldName::VoterCount)?;
    let mut voter_ids = Vec::new();
    for _ in 0..count {
        voter_ids.push(r.i32(FieldName::VoterId)?);
        read_tagged_fields(r)?;
    }
    Ok(voter_ids)
}

fn write_voter_ids(out: &mut Vec<u8>, voter_ids: &[i32]) {
    write_count(out, voter_ids.len());
    for voter_id in voter_ids {
        out.extend_from_slice(&voter_id.to_be_bytes());
        out.push(NO_TAGGED_FIELDS);
    }
}

/// The voters of a `VotersRecord`.
pub(super) fn read_voters<W: Watch>(r: &mut Reader<'_, W>) -> Result<Vec<Voter>, Problem> {
    let count = read_count(r, FieldName::VoterCount)?;
    let mut voters = Vec::new();
    for _ in 0..count {
        let voter_id = r.i32(FieldName::VoterId)?;
        let directory_id = read_directory_id(r)?;
        let endpoints = read_endpoints(r)?;
        let min_supported_version = r.i16(FieldName::MinSupportedVersion)?;
        let max_supported_version = r.i16(FieldName::MaxSupportedVersion)?;
        // One for the struct of the two versions, one for the voter.
        read_tagged_fields(r)?;
        read_tagged_fields(r)?;
        voters.push(Voter { voter_id, directory_id, endpoints, min_supported_version, max_supported_version });
    }
    Ok(voters)
}

pub(super) fn write_voters(out: &mut Vec<u8>, voters: &[Voter]) {
    write_count(out, voters.len());
    for voter in voters {
        out.extend_from_slice(&voter.voter_id.to_be_bytes());
        out.extend_from_slice(&voter.directory_id.0);
        write_endpoints(out, &voter.endpoints);
        out.extend_from_slice(&voter.min_supported_version.to_be_bytes());
        out.extend_from_slice(&voter.max_supported_version.to_be_bytes());
        out.push(NO_TAGGED_FIELDS);
        out.push(NO_TAGGED_FIELDS);
    }
}

fn read_endpoints<W: Watch>(r: &mut Reader<'_, W>) -> Result<Vec<Endpoint>, Problem> {
    let count = read_count(r, FieldName::EndpointCount)?;
    let mut endpoints = Vec::new();
    for _ in 0..count {
        let name = read_string(r, FieldName::EndpointName)?;
        let host = read_string(r, FieldName::EndpointHost)?;
        let port = r.u16(FieldName::EndpointPort)?;
        read_tagged_fields(r)?;
        endpoints.push(Endpoint { name, host, port });
    }
    Ok(endpoints)
}

fn write_endpoints(out: &mut Vec<u8>, endpoints: &[Endpoint]) {
    write_count(out, endpoints.len());
    for endpoint in endpoints {
        write_string(out, &endpoint.name);
        write_string(out, &endpoint.host);
        out.extend_from_slice(&endpoint.port.to_be_bytes());
        out.push(NO_TAGGED_FIELDS);
    }
}

fn read_directory_id<W: Watch>(r: &mut Reader<'_, W>) -> Result<DirectoryId, Problem> {
    let id = r.array::<16>(FieldName::VoterDirectoryId)?;
    r.saw(FieldName::VoterDirectoryId, id.len(), FieldValue::Bytes);
    Ok(DirectoryId(id))
}

/// A count in the flexible format: one more than the number, 0 for null, which none of these may be.
fn read_count<W: Watch>(r: &mut Reader<'_, W>, field: FieldName) -> Result<usize, Problem> {
    let at = r.at();
    let stated = r.uvarint(field)?;
    match stated.checked_sub(1) {
        // Every item takes a byte at least.
        Some(count) if count as usize <= r.left_bytes() => Ok(count as usize),
        Some(count) => {
            Err(Problem::new(at, Fault::TooLarge { field, found: count.into(), most: r.left_bytes() as i64 }))
        }
        None => Err(Problem::new(at, Fault::TooSmall { field, found: -1, least: 0 })),
    }
}

fn read_string<W: Watch>(r: &mut Reader<'_, W>, field: FieldName) -> Result<Bytes, Problem> {
    let len = read_count(r, field)?;
    r.take(field, len)
}

fn write_count(out: &mut Vec<u8>, count: usize) {
    varint::write_uvarlong(out, count as u64 + 1);
}

fn write_string(out: &mut Vec<u8>, text: &Bytes) {
    write_count(out, text.len());
    out.extend_from_slice(text);
}
