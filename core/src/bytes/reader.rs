//! Reads one field after the other. It never looks beyond its end, and says where it stood when it could not go on.

use bytes::Bytes;

use super::field::{FieldName, FieldValue, Watch};
use super::problem::{Fault, Problem};
use super::varint::{self, VarintFault};

/// A place in bytes that belong to somebody else.
pub(super) struct Reader<'a, W> {
    /// All the bytes, if what is taken may share them; places count from their start.
    shared: Option<&'a Bytes>,
    /// What is still to be read, up to the end of this reader.
    rest: &'a [u8],
    at: usize,
    pub(super) watch: &'a mut W,
}

impl<'a, W: Watch> Reader<'a, W> {
    /// Reads `shared` from byte `at`; from its end if `at` lies beyond.
    pub(super) fn new(shared: &'a Bytes, at: usize, watch: &'a mut W) -> Reader<'a, W> {
        let at = at.min(shared.len());
        Reader { shared: Some(shared), rest: shared.get(at..).unwrap_or_default(), at, watch }
    }

    /// Reads bytes that belong to somebody else: what is taken is copied.
    pub(super) fn of_slice(bytes: &'a [u8], watch: &'a mut W) -> Reader<'a, W> {
        Reader { shared: None, rest: bytes, at: 0, watch }
    }

    /// The byte offset of the next field.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn left_bytes(&self) -> usize {
        self.rest.len()
    }

    /// Cuts off the next `len` bytes as a reader of their own, and moves behind them.
    #[inline]
    pub(super) fn part(&mut self, field: FieldName, len: usize) -> Result<Reader<'_, W>, Problem> {
        let Some((part, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.cut_off(field, len));
        };
        let at = self.at;
        self.rest = rest;
        self.at += len;
        Ok(Reader { shared: self.shared, rest: part, at, watch: self.watch })
    }

    #[inline]
    pub(super) fn i8(&mut self, field: FieldName) -> Result<i8, Problem> {
        let value = i8::from_be_bytes(self.array(field)?);
        self.saw_int(field, 1, value.into());
        Ok(value)
    }

    #[inline]
    pub(super) fn i16(&mut self, field: FieldName) -> Result<i16, Problem> {
        let value = i16::from_be_bytes(self.array(field)?);
        self.saw_int(field, 2, value.into());
        Ok(value)
    }

    #[inline]
    pub(super) fn u16(&mut self, field: FieldName) -> Result<u16, Problem> {
        let value = u16::from_be_bytes(self.array(field)?);
        self.saw_int(field, 2, value.into());
        Ok(value)
    }

    #[inline]
    pub(super) fn i32(&mut self, field: FieldName) -> Result<i32, Problem> {
        let value = i32::from_be_bytes(self.array(field)?);
        self.saw_int(field, 4, value.into());
        Ok(value)
    }

    #[inline]
    pub(super) fn i64(&mut self, field: FieldName) -> Result<i64, Problem> {
        let value = i64::from_be_bytes(self.array(field)?);
        self.saw_int(field, 8, value);
        Ok(value)
    }

    /// Four bytes whose meaning the caller tells the watcher.
    #[inline]
    pub(super) fn array<const N: usize>(&mut self, field: FieldName) -> Result<[u8; N], Problem> {
        let Some((head, rest)) = self.rest.split_first_chunk::<N>() else {
            return Err(self.cut_off(field, N));
        };
        self.rest = rest;
        self.at += N;
        Ok(*head)
    }

    #[inline]
    pub(super) fn varint(&mut self, field: FieldName) -> Result<i32, Problem> {
        match varint::read_varint(self.rest) {
            Ok((value, size)) => {
                self.skip(size);
                self.saw_int(field, size, value.into());
                Ok(value)
            }
            Err(fault) => Err(self.bad_varint(field, fault, varint::VARINT_BYTES_MAX)),
        }
    }

    #[inline]
    pub(super) fn uvarint(&mut self, field: FieldName) -> Result<u32, Problem> {
        match varint::read_uvarint(self.rest) {
            Ok((value, size)) => {
                self.skip(size);
                self.saw_int(field, size, value.into());
                Ok(value)
            }
            Err(fault) => Err(self.bad_varint(field, fault, varint::VARINT_BYTES_MAX)),
        }
    }

    #[inline]
    pub(super) fn varlong(&mut self, field: FieldName) -> Result<i64, Problem> {
        match varint::read_varlong(self.rest) {
            Ok((value, size)) => {
                self.skip(size);
                self.saw_int(field, size, value);
                Ok(value)
            }
            Err(fault) => Err(self.bad_varint(field, fault, varint::VARLONG_BYTES_MAX)),
        }
    }

    /// A varint length and that many bytes; none if the length is negative.
    #[inline]
    pub(super) fn nullable(&mut self, length: FieldName, content: FieldName) -> Result<Option<Bytes>, Problem> {
        match usize::try_from(self.varint(length)?) {
            Ok(len) => self.take(content, len).map(Some),
            Err(_) => {
                self.watch.field(content, self.at..self.at, FieldValue::Null);
                Ok(None)
            }
        }
    }

    /// The next `len` bytes, shared and not copied.
    #[inline]
    pub(super) fn take(&mut self, field: FieldName, len: usize) -> Result<Bytes, Problem> {
        let Some((part, rest)) = self.rest.split_at_checked(len) else { return Err(self.cut_off(field, len)) };
        let range = self.at..self.at + len;
        let taken = match self.shared {
            Some(shared) => shared.slice(range.clone()),
            None => Bytes::copy_from_slice(part),
        };
        self.rest = rest;
        self.at += len;
        self.watch.field(field, range, FieldValue::Bytes);
        Ok(taken)
    }

    /// Tells the watcher of a field of `size` bytes that has just been read.
    #[inline]
    pub(super) fn saw(&mut self, field: FieldName, size: usize, value: FieldValue) {
        self.watch.field(field, self.at - size..self.at, value);
    }

    #[inline]
    fn saw_int(&mut self, field: FieldName, size: usize, value: i64) {
        self.saw(field, size, FieldValue::Int(value));
    }

    /// Moves on by `size` bytes that are known to be there.
    #[inline]
    fn skip(&mut self, size: usize) {
        self.rest = self.rest.get(size..).unwrap_or_default();
        self.at += size;
    }

    #[cold]
    fn cut_off(&self, field: FieldName, needed_bytes: usize) -> Problem {
        let (left_bytes, needed_bytes) = (self.rest.len() as u64, needed_bytes as u64);
        Problem::new(self.at, Fault::CutOff { field, left_bytes, needed_bytes })
    }

    #[cold]
    fn bad_varint(&self, field: FieldName, fault: VarintFault, most_bytes: u8) -> Problem {
        match fault {
            VarintFault::Ends => self.cut_off(field, self.rest.len() + 1),
            VarintFault::TooLong => Problem::new(self.at, Fault::VarintTooLong { field, most_bytes }),
        }
    }
}
