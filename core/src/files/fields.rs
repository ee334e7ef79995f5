//! Reads big-endian numbers one after the other, and says where it stood when it could not go on.

use super::problem::{FileFault, FileProblem};

/// A place in a file that is not text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    pub(super) fn new(file: &'a [u8]) -> Fields<'a> {
        Fields { rest: file, at: 0 }
    }

    /// The byte offset of the next field.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn i16(&mut self, name: &'static str) -> Result<i16, FileProblem> {
        self.array(name).map(i16::from_be_bytes)
    }

    pub(super) fn i32(&mut self, name: &'static str) -> Result<i32, FileProblem> {
        self.array(name).map(i32::from_be_bytes)
    }

    pub(super) fn u32(&mut self, name: &'static str) -> Result<u32, FileProblem> {
        self.array(name).map(u32::from_be_bytes)
    }

    pub(super) fn i64(&mut self, name: &'static str) -> Result<i64, FileProblem> {
        self.array(name).map(i64::from_be_bytes)
    }

    fn array<const N: usize>(&mut self, name: &'static str) -> Result<[u8; N], FileProblem> {
        let Some((head, rest)) = self.rest.split_first_chunk::<N>() else {
            let fault = FileFault::CutOff { left_bytes: self.rest.len() as u64, needed_bytes: N as u64 };
            return Err(FileProblem::at_byte(self.at, name, fault));
        };
        self.rest = rest;
        self.at += N;
        Ok(*head)
    }
}
