//! The front page: what the scenes are about, playing; what the lab is; the course.

use crate::course::SceneId;
use crate::links::href;
use crate::markup::{El, Markup, el, many};
use crate::route::{Query, Route};
use crate::scene::front_stage;
use crate::words::{course, front as words};

#[must_use]
pub fn front() -> Markup {
    let first = SceneId::SHOWN_FIRST;
    let begin = el("a").class("button primary").attr("href", href(&Route::scene(first)));
    let link = |route: &Route, title: &str| el("a").attr("href", href(route)).child(title.to_owned());
    let tracer = link(&Route::scene(SceneId::TRACER), SceneId::TRACER.entry().title);
    let sandbox = link(&Route::Sandbox { query: Query::default() }, words::SANDBOX);
    let checker = link(&Route::Checker { query: Query::default() }, crate::checker::words::LINK);
    let prose = el("article")
        .class("prose")
        .child(el("h1").attr("tabindex", "-1").child(words::HEADING))
        .child(el("p").class("lead").child(words::LEAD))
        .child(el("p").child(words::TIME))
        .child(el("p").child(words::WHY))
        .child(el("p").child(begin.child(words::BEGIN).child(first.entry().title)))
        .child(
            el("p")
                .child(words::OR)
                .child(tracer)
                .child(words::OR_ELSE)
                .child(sandbox)
                .child(words::OR_BREAK)
                .child(checker)
                .child("."),
        )
        .child(el("h2").class("course-heading").child(course::HEADING))
        .child(el("p").child(course::EXPLAINED))
        .child(el("ol").class("course-list").child(many(SceneId::course().map(row))));
    el("div").class("scene").child(prose).child(front_stage(first)).into()
}

fn row(scene: SceneId) -> El {
    let entry = scene.entry();
    let number = el("span").class("course-number").child(entry.slug);
    let row = el("li").child(number).child(" ");
    if scene.is_written() {
        return row.child(el("a").attr("href", href(&Route::scene(scene))).child(entry.title));
    }
    let unseen = el("span").class("unseen").child(course::NOT_WRITTEN);
    row.class("unwritten").child(el("span").child(entry.title)).child(" ").child(unseen)
}
