//! `meta.properties`: which node and which cluster a data folder belongs to (Kafka: `MetaProperties`).

use super::problem::{FileFault, FileProblem};
use super::properties::Properties;
use super::uuid::Uuid;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaProperties {
    /// 0 as in ZooKeeper's time, 1 for KRaft.
    pub version: i32,
    /// Always there in version 1.
    pub cluster_id: Option<String>,
    /// `node.id`, which version 0 calls `broker.id`. Always there in version 1.
    pub node_id: Option<i32>,
    /// Of the folder itself (KIP-858).
    pub directory_id: Option<Uuid>,
}

impl MetaProperties {
    /// Reads the file's properties. Others than these are nobody's business.
    ///
    /// # Errors
    /// A version that is not known, an id that is none, or in version 1 no node or no cluster.
    pub fn of(properties: &Properties) -> Result<MetaProperties, FileProblem> {
        let missing = |key, expected| FileProblem::text(properties.end_line(), key, None, expected);
        let version = number(properties, "version")?.unwrap_or(0);
        if !(0..=1).contains(&version) {
            let fault = FileFault::Version { found: version.into(), known: "0 or 1" };
            let line = properties.get("version").map_or(1, |(_, line)| line);
            return Err(FileProblem::in_line(line, "version", fault));
        }
        let node_id = number(properties, if version == 0 { "broker.id" } else { "node.id" })?;
        let cluster_id = properties.get("cluster.id").map(|(id, _)| id.to_owned());
        if version > 0 && node_id.is_none() {
            return Err(missing("node.id", "the node's number"));
        }
        if version > 0 && cluster_id.is_none() {
            return Err(missing("cluster.id", "the cluster's id"));
        }
        let directory_id = match properties.get("directory.id") {
            None => None,
            Some((id, line)) => match Uuid::read(id) {
                Some(id) => Some(id),
                None => return Err(FileProblem::text(line, "directory.id", Some(id), "a UUID of 22 characters")),
            },
        };
        Ok(MetaProperties { version, cluster_id, node_id, directory_id })
    }
}

fn number(properties: &Properties, key: &'static str) -> Result<Option<i32>, FileProblem> {
    let Some((text, line)) = properties.get(key) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| FileProblem::text(line, key, Some(text), "a whole number"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<MetaProperties, String> {
        let properties = Properties::decode(text.as_bytes()).unwrap();
        MetaProperties::of(&properties).map_err(|problem| problem.to_string())
    }

    #[test]
    fn both_versions_are_read() {
        let meta = read("version=0\nbroker.id=7\n").unwrap();
        assert_eq!((meta.version, meta.node_id, meta.cluster_id), (0, Some(7), None));
        let meta = read("node.id=1\ncluster.id=c\nversion=1\ndirectory.id=z2rFl5bRSbeBRhUbEpIuAA").unwrap();
        assert_eq!((meta.node_id, meta.cluster_id.as_deref()), (Some(1), Some("c")));
        assert_eq!(meta.directory_id, Uuid::read("z2rFl5bRSbeBRhUbEpIuAA"));
    }

    #[test]
    fn each_fault_has_its_line() {
        for (text, expected) in [
            ("#\nversion=2\n", "line 2: version: found 2, expected 0 or 1"),
            ("version=one", r#"line 1: version: found "one", expected a whole number"#),
            ("version=1\ncluster.id=c\n", "line 3: node.id: found nothing, expected the node's number"),
            ("version=1\nnode.id=1\n", "line 3: cluster.id: found nothing, expected the cluster's id"),
            ("directory.id=x\n", r#"line 1: directory.id: found "x", expected a UUID of 22 characters"#),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()));
        }
    }
}
