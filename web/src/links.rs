//! Addresses of the lab's own pages.
//!
//! In the browser a link is a hash route: the page stays, the wasm is there. In the pages that are rendered at
//! build time it is the other page's own address, so that a reader without script gets on.

use crate::reactive::*;
use crate::route::Route;

/// How many folders below the site's root the page lies that is being rendered.
#[derive(Clone, Copy, Debug)]
pub struct Depth(pub usize);

/// In a frame of somebody else's page: the address that it shows now, and what makes the one of another step of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    pub(crate) shown: Signal<Route>,
    pub(crate) step: fn(&Route, Option<&str>) -> Route,
}

/// What to write into `href`.
#[must_use]
pub fn href(route: &Route) -> String {
    #[cfg(feature = "ssr")]
    if let Some(Depth(depth)) = use_context::<Depth>() {
        return page_address(route, depth);
    }
    match (route, use_context::<Frame>()) {
        (Route::Scene { beat, .. }, Some(frame)) => {
            frame.shown.with_untracked(|shown| (frame.step)(shown, beat.as_deref())).to_string()
        }
        _ => route.to_string(),
    }
}

/// The page's own address, relative to a page `depth` folders down; with the beat as a fragment.
#[cfg(feature = "ssr")]
fn page_address(route: &Route, depth: usize) -> String {
    let root = if depth == 0 { "./".to_owned() } else { "../".repeat(depth) };
    match route {
        Route::Front => root,
        Route::Scene { scene, beat: None, .. } => format!("{root}{scene}/"),
        Route::Scene { scene, .. } => format!("{root}{scene}/{route}"),
        Route::Sandbox { query } => format!("{root}sandbox/{query}"),
        Route::Segments { .. } => format!("{root}{}/", crate::route::SEGMENTS),
        Route::Checker { query } => format!("{root}{}/{query}", crate::route::CHECKER),
        Route::Embed { .. } | Route::Unknown { .. } => format!("{root}{route}"),
    }
}
