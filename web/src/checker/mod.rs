//! "Break my settings": a question about a topic's settings, searched in a worker, its answer, and the run to play.
//!
//! Nothing here decides anything: the worker's desk (`kafka_lab::worst_case`) answers, this shows. But for the heading
//! all of it is fetched when it is first wanted.

mod form;
mod line;
mod link;
mod matrix;
mod page;
mod result;
mod run;
mod search;
#[path = "../../content/checker.rs"]
pub(crate) mod words;

use kafka_lab::worst_case::{Asked, Knob};
use wasm_split_helpers::wasm_split;
use web_sys::Element;

use crate::content::SearchText;
use crate::markup::{El, Markup, NotLoaded, el, late, many, mount};
use crate::reactive::*;
use crate::route::{Query, Route};
use crate::scene::{Lab, stage_column};

/// The page of its own: the question and the answer in the column of prose, the run on the stage beside it, and under
/// both the matrix.
#[must_use]
pub fn checker_page(route: Signal<Route>) -> Markup {
    let lab = Lab::new(STAGE);
    lab.playback.seek(crate::player::Moment(usize::MAX));
    let prose = el("article")
        .class("prose")
        .child(el("h1").attr("tabindex", "-1").child(words::HEADING))
        .child(el("p").class("lead").child(words::LEAD))
        .child(late("checker-late", move |place, owner| own_panel_into(place, owner, lab, route)));
    #[cfg(feature = "ssr")]
    let prose = prose.child(el("p").class("note").child(words::NEEDS_SCRIPT));
    let scene = el("div")
        .class("scene checker")
        .class_if("is-idle", move || !lab.is_forked())
        .child(prose)
        .child(stage_column(lab, base(), route));
    many([scene, late("checker-late checker-wide", matrix_into)])
}

/// What stands on the stage until the panel is there, and shows the settings: the same, as long as none is turned.
const STAGE: &str = include_str!("../../content/checker.lab");

fn base() -> Route {
    Route::Checker { query: Query::default() }
}

/// The question as a scene's content has it, and under it the answer, for the stage of this lab. `base` is the page
/// that links lead to.
pub(crate) fn panel(lab: Lab, base: Route, route: Signal<Route>, text: &SearchText) -> El {
    let text = text.clone();
    late("checker-late", move |place, owner| panel_into(place, owner, lab, base.clone(), route, text.clone()))
}

#[wasm_split(checker, fallible)]
fn panel_into(
    place: Element,
    owner: Owner,
    lab: Lab,
    base: Route,
    route: Signal<Route>,
    text: SearchText,
) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, page::panel(lab, base, route, &Begins::of(&text)).into()));
    Ok(())
}

#[wasm_split(checker, fallible)]
fn own_panel_into(place: Element, owner: Owner, lab: Lab, route: Signal<Route>) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, page::panel(lab, base(), route, &Begins::anew()).into()));
    Ok(())
}

#[wasm_split(checker, fallible)]
fn matrix_into(place: Element, owner: Owner) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, matrix::matrix(Wanted::of_page().0, true).into()));
    Ok(())
}

/// What a panel begins with, and which knobs it shows.
#[derive(Clone, Debug)]
struct Begins {
    asked: Asked,
    /// None of them: all.
    knobs: Vec<Knob>,
    /// Whether the matrix stands under the answer.
    has_matrix: bool,
    /// Whether the stage shows the settings while no run is on it.
    sets_stage: bool,
    wanted: Wanted,
}

impl Begins {
    /// The page of its own has everything, the matrix in another place.
    fn anew() -> Begins {
        Begins {
            asked: Asked::default(),
            knobs: Vec::new(),
            has_matrix: false,
            sets_stage: true,
            wanted: Wanted::of_page(),
        }
    }

    /// As a scene's content has it.
    fn of(text: &SearchText) -> Begins {
        // build.rs has read it.
        let (asked, _) = Asked::read(&text.question, &Asked::default());
        let is_named = |knob: &Knob| text.knobs.iter().any(|name| name == knob.name());
        let knobs = Knob::ALL.into_iter().filter(is_named).collect();
        Begins { asked, knobs, has_matrix: text.has_matrix, sets_stage: false, wanted: Wanted(RwSignal::new(None)) }
    }
}

/// A question that is to be put at once: a cell of the matrix.
#[derive(Clone, Copy, Debug)]
struct Wanted(RwSignal<Option<Asked>>);

impl Wanted {
    /// The one of the page; whichever part of it comes first makes it, so that the first load has nothing of it.
    fn of_page() -> Wanted {
        use_context::<Wanted>().unwrap_or_else(|| {
            let wanted = Wanted(RwSignal::new(None));
            provide_context(wanted);
            wanted
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stage_begins_with_the_settings_that_the_form_begins_with() {
        assert_eq!(STAGE, Asked::default().knobs.opening().to_string());
    }
}
