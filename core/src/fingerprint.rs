//! The hash of a state: our own, over fixed-width little-endian words, because a derived `Hash`
//! may differ between a native program and wasm, and from one compiler to the next.

/// Takes words in, gives 64 bits out. Not for secrets.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    state: u64,
    length_bytes: u64,
}

impl Default for Fingerprint {
    fn default() -> Self {
        Fingerprint { state: 0xcbf2_9ce4_8422_2325, length_bytes: 0 }
    }
}

impl Fingerprint {
    pub fn word(&mut self, word: u64) {
        self.state = (self.state ^ word).wrapping_mul(0x2127_599b_f432_5c37);
        self.state ^= self.state >> 29;
        self.length_bytes = self.length_bytes.wrapping_add(8);
    }

    pub fn number(&mut self, number: impl Into<i64>) {
        self.word(u64::from_le_bytes(number.into().to_le_bytes()));
    }

    pub fn flag(&mut self, flag: bool) {
        self.word(u64::from(flag));
    }

    /// Bytes with their length, so that two texts in a row never look like two others.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            for (to, from) in word.iter_mut().zip(chunk) {
                *to = *from;
            }
            self.word(u64::from_le_bytes(word));
        }
    }

    pub fn optional_bytes(&mut self, bytes: Option<&[u8]>) {
        self.flag(bytes.is_some());
        self.bytes(bytes.unwrap_or_default());
    }

    /// How many items follow.
    pub fn count(&mut self, count: usize) {
        self.word(u64::try_from(count).unwrap_or(u64::MAX));
    }

    #[must_use]
    pub fn finish(&self) -> u64 {
        let mut end = self.clone();
        end.word(self.length_bytes);
        end.state ^ (end.state >> 32)
    }
}

/// What has a fingerprint.
pub trait Fingerprinted {
    fn feed(&self, into: &mut Fingerprint);

    fn fingerprint(&self) -> u64 {
        let mut into = Fingerprint::default();
        self.feed(&mut into);
        into.finish()
    }
}
