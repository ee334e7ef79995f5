//! The script of the run: the line at work marked; its text can be changed and played.

use kafka_lab::command::Script;
use web_sys::Event;

use crate::markup::{El, Markup, button, el, live, many, text};
use crate::player::Moment;
use crate::reactive::*;
use crate::scene::Lab;
use crate::words::drawer as say;

pub(super) fn script_panel(lab: Lab) -> El {
    let editing = RwSignal::new(false);
    let label = move || if editing.get() { say::SCRIPT_READ } else { say::SCRIPT_EDIT }.to_owned();
    let shown = move || if editing.get() { editor(lab) } else { lines(lab).into() };
    el("div")
        .class("script")
        .child(button("button-plain", text(label)).on_click(move || editing.update(|editing| *editing = !*editing)))
        .child(live(shown))
}

/// The commands as buttons that lead to where they were carried out.
fn lines(lab: Lab) -> El {
    // How many commands have been begun: the last of them is at work.
    let at_work = memo(move || {
        let moment = lab.playback.moment().get().0;
        lab.run().performed().iter().take_while(|performed| performed.from < moment).count()
    });
    let lines = move || {
        let run = lab.run();
        let lines = run.performed().iter().enumerate().map(|(place, performed)| {
            let to = Moment(performed.to);
            let line = button("script-line", performed.line.command.to_string())
                .live_attr("aria-current", move || (at_work.get() == place + 1).then_some("true"))
                .on_click(move || lab.playback.seek(to));
            el("li").child(line)
        });
        many(lines)
    };
    el("ol").class("script-lines").attr("aria-label", say::SCRIPT_LABEL).child(live(lines))
}

/// The text, what of it is not understood, and the button that plays the rest.
fn editor(lab: Lab) -> Markup {
    let written = RwSignal::new(untrack(move || lab.run().script().to_string()));
    let list = move || {
        let problems = Script::parse(&written.get()).problems;
        if problems.is_empty() {
            return el("p").class("note").child(say::SCRIPT_GOOD);
        }
        let items = problems.iter().map(|problem| el("li").child(problem.to_string()));
        el("ul").class("problems").child(many(items))
    };
    let field = el("textarea")
        .class("script-text")
        .attr("aria-label", say::SCRIPT_LABEL)
        .attr("rows", "10")
        .attr("spellcheck", "false")
        .attr("autocapitalize", "off")
        .value(move || written.get())
        .on("input", move |event: Event| written.set(event_target_value(&event)))
        .on("keydown", |event: Event| event.stop_propagation());
    let play = button("button", say::SCRIPT_PLAY).on_click(move || {
        // What is not understood is listed above.
        let _ = lab.play_text(&written.get_untracked());
    });
    many([field, el("div").attr("role", "status").child(live(list)), play])
}
