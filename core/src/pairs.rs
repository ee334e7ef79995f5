//! A small map out of pairs. `collect` would do it, but with a stable sort for each type of pair, and each of those is
//! 3 KiB of the page's wasm.

use litemap::LiteMap;

/// Of two pairs with one key the later one stays.
pub(crate) fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> LiteMap<K, V> {
    let mut map = LiteMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}
