//! The colour of a key: one of five quiet fills, the same key the same fill in every picture.

/// Chosen by a hash of the key's text, FNV-1a and a mixing of its bits: neither the order of arrival nor
/// the picture matters.
#[must_use]
pub fn index(key: &str) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in key.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ (hash >> 15)).wrapping_mul(0x2c1b_3c6d);
    hash ^= hash >> 12;
    hash as usize % CLASSES.len()
}

const CLASSES: [&str; 5] = ["cell-box key-1", "cell-box key-2", "cell-box key-3", "cell-box key-4", "cell-box key-5"];
const SWATCHES: [&str; 5] = ["carried key-1", "carried key-2", "carried key-3", "carried key-4", "carried key-5"];

/// The classes of a cell's box; a null key has no colour.
#[must_use]
pub fn class(key: Option<&str>) -> &'static str {
    key.map_or("cell-box key-none", |key| CLASSES[index(key)])
}

/// The classes of a small square that stands for a record on its way.
#[must_use]
pub fn swatch(key: Option<&str>) -> &'static str {
    key.map_or("carried key-none", |key| SWATCHES[index(key)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_key_keeps_its_fill_and_every_fill_is_used() {
        let mut used = [false; 5];
        for number in 0..100 {
            let key = format!("account-{number}");
            assert_eq!(index(&key), index(&key.clone()));
            used[index(&key)] = true;
        }
        assert_eq!(used, [true; 5]);
    }
}
