//! A list that grows without moving, and without half of it standing empty.

/// So many at a time.
const CHUNK: usize = 1 << 14;

#[derive(Clone, Debug)]
pub(super) struct Arena<T> {
    chunks: Vec<Vec<T>>,
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena { chunks: Vec::new() }
    }
}

impl<T: Copy> Arena<T> {
    pub(super) fn len(&self) -> usize {
        self.chunks.last().map_or(0, |last| (self.chunks.len() - 1) * CHUNK + last.len())
    }

    /// Appends, and returns the number of what was appended.
    ///
    /// # Panics
    /// At 2^32 elements, which no memory of ours holds.
    pub(super) fn push(&mut self, value: T) -> u32 {
        let number = u32::try_from(self.len()).expect("fewer than 2^32 states");
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => last.push(value),
            last => {
                // A small search is not to ask for all that a large one needs.
                let mut chunk = if last.is_some() { Vec::with_capacity(CHUNK) } else { Vec::new() };
                chunk.push(value);
                self.chunks.push(chunk);
            }
        }
        number
    }

    pub(super) fn get(&self, number: u32) -> T {
        self.chunks[number as usize / CHUNK][number as usize % CHUNK]
    }

    pub(super) fn set(&mut self, number: u32, value: T) {
        self.chunks[number as usize / CHUNK][number as usize % CHUNK] = value;
    }

    pub(super) fn bytes(&self) -> usize {
        self.chunks.iter().map(Vec::capacity).sum::<usize>() * size_of::<T>()
    }
}
