//! What the browser keeps for the reader: in its storage when that is allowed, else until the page is left.

use litemap::LiteMap;

use crate::reactive::*;

/// A handle on what is kept, by name.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    memory: StoredValue<LiteMap<String, String>>,
    lasts: bool,
}

impl Keep {
    /// Finds out whether the browser keeps anything.
    #[must_use]
    pub fn new() -> Self {
        Keep { memory: StoredValue::new(LiteMap::new()), lasts: storage().is_some() }
    }

    /// The one of the surrounding page.
    #[must_use]
    pub fn use_context() -> Self {
        use_context::<Keep>().unwrap_or_default()
    }

    /// Whether what is written outlives the page.
    #[must_use]
    pub fn lasts(self) -> bool {
        self.lasts
    }

    #[must_use]
    pub fn read(self, name: &str) -> Option<String> {
        let in_memory = self.memory.with_value(|memory| memory.get(name).cloned());
        in_memory.or_else(|| storage()?.get_item(&full(name)).ok().flatten())
    }

    pub fn write(self, name: &str, value: &str) {
        self.memory.update_value(|memory| {
            memory.insert(name.to_owned(), value.to_owned());
        });
        if let Some(storage) = storage() {
            // A full storage keeps nothing; the memory still does.
            let _ = storage.set_item(&full(name), value);
        }
    }
}

impl Default for Keep {
    fn default() -> Self {
        Keep::new()
    }
}

fn full(name: &str) -> String {
    format!("kafka-lab.{name}")
}

/// The browser's storage, unless it is forbidden (a sandboxed frame, a strict reader).
#[cfg(feature = "csr")]
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(not(feature = "csr"))]
fn storage() -> Option<web_sys::Storage> {
    None
}
