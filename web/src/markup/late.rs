//! Parts of a page whose code is fetched when they are first wanted: functions behind `wasm_split`, each group of
//! them a wasm of its own (`web/site`).

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::SplitLoaderError;
use web_sys::Element;

use super::{El, button, el, mount};
use crate::content::late_address;
use crate::reactive::{Owner, document};
use crate::words::notices as words;

/// The part's code could not be fetched.
#[derive(Debug)]
pub struct NotLoaded;

impl From<SplitLoaderError> for NotLoaded {
    fn from(_: SplitLoaderError) -> Self {
        NotLoaded
    }
}

type Fill = dyn Fn(Element, Owner) -> Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

/// A place that `fill` puts something into once its code is there, under the owner that it is given. If the code
/// can't be fetched the place says so, and offers to try again.
pub fn late<F>(class: &'static str, fill: impl Fn(Element, Owner) -> F + 'static) -> El
where
    F: Future<Output = Result<(), NotLoaded>> + 'static,
{
    let fill: Rc<Fill> = Rc::new(move |place, owner| Box::pin(fill(place, owner)));
    el("div").class(class).made(move |place| attempt(place.clone(), Owner::current().unwrap_or_default(), fill))
}

fn attempt(place: Element, owner: Owner, fill: Rc<Fill>) {
    ask_for_style();
    spawn_local(async move {
        if fill(place.clone(), owner.clone()).await.is_err() {
            let said = el("p").class("note").attr("role", "alert").child(words::PART_NOT_LOADED);
            owner.clone().with(|| mount(&place.clone(), said.child(again(place, owner, fill)).into()));
        }
    });
}

/// Asks once for the style of all that is loaded late. It is small, and comes before the code does.
fn ask_for_style() {
    thread_local!(static IS_ASKED: Cell<bool> = const { Cell::new(false) });
    if IS_ASKED.replace(true) {
        return;
    }
    let head = document().query_selector("head").ok().flatten();
    let link = document().create_element("link").ok();
    if let (Some(head), Some(link), Some(address)) = (head, link, late_address(STYLE)) {
        // What has no style can still be read.
        let _ = link.set_attribute("rel", "stylesheet");
        let _ = link.set_attribute("href", &address);
        let _ = head.append_child(&link);
    }
}

/// As `web/site` names it.
const STYLE: &str = "late.css";

fn again(place: Element, owner: Owner, fill: Rc<Fill>) -> El {
    button("button", words::AGAIN).on_click(move || {
        place.set_text_content(None);
        attempt(place.clone(), owner.clone(), Rc::clone(&fill));
    })
}
