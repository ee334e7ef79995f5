//! Where the reader is, as the fragment of the address: `#/`, `#/tracer`, `#/tracer/the-mark-moves?at=12`; in somebody
//! else's page `#/embed/v1/tracer?beat=the-mark-moves`.
//!
//! A hash route runs under any sub-path and in a frame, with nothing asked of the server.
//! `parse` and `Display` are inverse; every text is some route, if only [`Route::Unknown`].

use std::fmt;

use crate::course::SceneId;

/// A page of the lab, and the place on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Front,
    /// One scene; the beat is a name from its content, not checked here because the content is loaded later.
    Scene {
        scene: SceneId,
        beat: Option<String>,
        query: Query,
    },
    /// A stage of one's own; what is on it is in the query.
    Sandbox {
        query: Query,
    },
    /// A log file of the reader's own, or an example: `#/segments?example=torn`.
    Segments {
        query: Query,
    },
    /// A question to the checker: `#/checker?acks=all&min.insync.replicas=1`.
    Checker {
        query: Query,
    },
    /// A stage in a frame of somebody else's page. `embed` reads what the query asks for; version 1 does not change.
    Embed {
        scene: SceneId,
        query: Query,
    },
    /// An address that leads nowhere; what was asked for, as it stood there.
    Unknown {
        wanted: String,
    },
}

/// What stands behind the `?`: names and values in their order, percent-decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(pub Vec<(String, String)>);

impl Query {
    /// The first value with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What stands before the scene in the address of a frame.
const EMBED: &str = "embed/v1/";
/// The name of the sandbox in addresses.
const SANDBOX: &str = "sandbox";
/// The name of the page about segments, in addresses and as its folder.
pub const SEGMENTS: &str = "segments";
/// The name of the checker's page, in addresses and as its folder.
pub const CHECKER: &str = "checker";

impl Route {
    /// The page of a scene, at its beginning.
    #[must_use]
    pub fn scene(scene: SceneId) -> Route {
        Route::Scene { scene, beat: None, query: Query::default() }
    }

    /// A beat of a scene.
    #[must_use]
    pub fn beat(scene: SceneId, beat: &str) -> Route {
        Route::Scene { scene, beat: Some(beat.to_owned()), query: Query::default() }
    }

    /// Reads the fragment of an address, with or without its `#`. Total: what is not understood is kept.
    #[must_use]
    pub fn parse(fragment: &str) -> Route {
        let path = fragment.strip_prefix('#').unwrap_or(fragment);
        let unknown = || Route::Unknown { wanted: path.to_owned() };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let Some(path) = path.strip_prefix('/').or(path.is_empty().then_some("")) else {
            return unknown();
        };
        let whole = path.strip_suffix('/').filter(|path| !path.is_empty()).unwrap_or(path);
        if let Some(scene) = whole.strip_prefix(EMBED).and_then(SceneId::from_slug) {
            return Route::Embed { scene, query: parse_query(query) };
        }
        let mut parts = whole.split('/');
        let (first, beat, rest) = (parts.next().unwrap_or(""), parts.next(), parts.next());
        if first.is_empty() && beat.is_none() && query.is_empty() {
            return Route::Front;
        }
        if first == SANDBOX && beat.is_none() {
            return Route::Sandbox { query: parse_query(query) };
        }
        if first == SEGMENTS && beat.is_none() {
            return Route::Segments { query: parse_query(query) };
        }
        if first == CHECKER && beat.is_none() {
            return Route::Checker { query: parse_query(query) };
        }
        match (SceneId::from_slug(first), beat, rest) {
            (Some(_), Some(""), _) | (_, _, Some(_)) | (None, _, _) => unknown(),
            (Some(scene), beat, None) => Route::Scene { scene, beat: beat.map(decoded), query: parse_query(query) },
        }
    }

    /// What stands behind the `?`, where something may.
    #[must_use]
    pub fn query(&self) -> Option<&Query> {
        match self {
            Route::Scene { query, .. }
            | Route::Embed { query, .. }
            | Route::Sandbox { query }
            | Route::Checker { query }
            | Route::Segments { query } => Some(query),
            Route::Front | Route::Unknown { .. } => None,
        }
    }

    /// The same place with another query.
    #[must_use]
    pub fn with_query(mut self, new: Query) -> Route {
        if let Route::Scene { query, .. }
        | Route::Embed { query, .. }
        | Route::Sandbox { query }
        | Route::Checker { query }
        | Route::Segments { query } = &mut self
        {
            *query = new;
        }
        self
    }

    /// Whether two routes show the same page, be it at another place.
    #[must_use]
    pub fn same_page(&self, other: &Route) -> bool {
        match (self, other) {
            (Route::Scene { scene: a, .. }, Route::Scene { scene: b, .. })
            | (Route::Embed { scene: a, .. }, Route::Embed { scene: b, .. }) => a == b,
            (Route::Sandbox { .. }, Route::Sandbox { .. }) => true,
            (Route::Segments { .. }, Route::Segments { .. }) => true,
            (Route::Checker { .. }, Route::Checker { .. }) => true,
            _ => self == other,
        }
    }

    /// Whether it is meant for a frame in somebody else's page, be it one that leads nowhere.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        match self {
            Route::Embed { .. } => true,
            Route::Unknown { wanted } => wanted.starts_with("/embed"),
            _ => false,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Route::Front => f.write_str("#/"),
            Route::Unknown { wanted } => write!(f, "#{wanted}"),
            Route::Sandbox { query } => write!(f, "#/{SANDBOX}{query}"),
            Route::Segments { query } => write!(f, "#/{SEGMENTS}{query}"),
            Route::Checker { query } => write!(f, "#/{CHECKER}{query}"),
            Route::Embed { scene, query } => write!(f, "#/{EMBED}{scene}{query}"),
            Route::Scene { scene, beat, query } => {
                write!(f, "#/{scene}")?;
                if let Some(beat) = beat {
                    write!(f, "/{}", encoded(beat))?;
                }
                query.fmt(f)
            }
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.0.iter().enumerate() {
            let sign = if place == 0 { '?' } else { '&' };
            write!(f, "{sign}{}={}", encoded(name), encoded(value))?;
        }
        Ok(())
    }
}

fn parse_query(text: &str) -> Query {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    Query(pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| (decoded(k), decoded(v))).collect())
}

/// Percent-encoding of all that is not a letter, a digit or one of `-._~` (RFC 3986, unreserved).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The inverse of [`encoded`]; a percent sign that begins no byte stays a percent sign.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.filter(|_| byte == b'%').and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_fragment_is_the_front_page() {
        for fragment in ["", "#", "#/", "/"] {
            assert_eq!(Route::parse(fragment), Route::Front, "{fragment:?}");
        }
    }

    #[test]
    fn a_scene_may_carry_a_beat_and_a_query() {
        let route = Route::parse("#/02a/poll-moves?at=12&theme=dark");
        let Route::Scene { scene, beat, query } = &route else { panic!("{route:?}") };
        assert_eq!((scene.to_string().as_str(), beat.as_deref()), ("02a", Some("poll-moves")));
        assert_eq!((query.get("at"), query.get("theme"), query.get("none")), (Some("12"), Some("dark"), None));
        assert_eq!(route.to_string(), "#/02a/poll-moves?at=12&theme=dark");
    }

    #[test]
    fn a_frame_s_address_has_a_version_and_a_scene() {
        let route = Route::parse("#/embed/v1/02?beat=fold&theme=dark");
        let Route::Embed { scene, query } = &route else { panic!("{route:?}") };
        assert_eq!((scene.to_string().as_str(), query.get("beat")), ("02", Some("fold")));
        assert_eq!(route.to_string(), "#/embed/v1/02?beat=fold&theme=dark");
        assert!(route.same_page(&Route::parse("#/embed/v1/02")) && !route.same_page(&Route::parse("#/02")));
        for fragment in ["#/embed/v2/02", "#/embed/v1/99?theme=dark", "#/embed/v1/", "#/embed"] {
            let route = Route::parse(fragment);
            assert!(route.is_embedded() && matches!(route, Route::Unknown { .. }), "{route:?}");
            assert_eq!(route.to_string(), fragment);
        }
        assert!(!Route::parse("#/02").is_embedded());
    }

    #[test]
    fn what_leads_nowhere_keeps_what_was_wanted() {
        for fragment in ["/10", "/02/a/b", "02", "/02//", "/?at=1", "/ sandbox", "//"] {
            let route = Route::parse(&format!("#{fragment}"));
            assert_eq!(route, Route::Unknown { wanted: fragment.to_owned() });
            assert_eq!(route.to_string(), format!("#{fragment}"));
        }
    }

    #[test]
    fn display_and_parse_are_inverse() {
        let awkward = ["a b", "50%", "ümlaut/slash", "?&=#", "%41"];
        for text in awkward {
            let query = Query(vec![(text.to_owned(), text.to_owned()), ("b".to_owned(), String::new())]);
            let route = Route::Scene { scene: SceneId::TRACER, beat: Some(text.to_owned()), query };
            assert_eq!(Route::parse(&route.to_string()), route, "{route}");
        }
        for fragment in ["#/", "#/02", "#/tracer/x", "#/nowhere", "#/02/a?x=1", "#/sandbox", "#/sandbox?run=1.a.t"] {
            assert_eq!(Route::parse(fragment).to_string(), fragment);
        }
        for fragment in ["#/segments", "#/segments?example=torn", "#/checker?acks=all", "#/embed/v1/02?x=1&y="] {
            assert_eq!(Route::parse(fragment).to_string(), fragment);
        }
    }
}
