//! The script of the run: the line at work marked; its text can be changed and played.

use kafka_lab::command::{Problem, Script};
use leptos::prelude::*;

use crate::player::Moment;
use crate::scene::Lab;
use crate::words::drawer as say;

#[component]
pub(super) fn ScriptPanel() -> impl IntoView {
    let lab = Lab::expect_context();
    let editing = RwSignal::new(false);
    // How many commands have been begun: the last of them is at work.
    let at_work = Memo::new(move |_| {
        let moment = lab.playback.moment().get().0;
        lab.run().performed().iter().take_while(|performed| performed.from < moment).count()
    });
    let lines = move || {
        let run = lab.run();
        let lines = run.performed().iter().enumerate().map(|(place, performed)| {
            let to = Moment(performed.to);
            let here = move || at_work.get() == place + 1;
            view! {
                <li>
                    <button
                        type="button"
                        class="script-line"
                        aria-current=move || here().then_some("true")
                        on:click=move |_| lab.playback.seek(to)
                    >
                        {performed.line.command.to_string()}
                    </button>
                </li>
            }
        });
        lines.collect_view()
    };
    view! {
        <div class="script">
            <button class="button-plain" type="button" on:click=move |_| editing.update(|editing| *editing = !*editing)>
                {move || if editing.get() { say::SCRIPT_READ } else { say::SCRIPT_EDIT }}
            </button>
            {move || if editing.get() {
                view! { <Editor/> }.into_any()
            } else {
                view! { <ol class="script-lines" aria-label=say::SCRIPT_LABEL>{lines}</ol> }.into_any()
            }}
        </div>
    }
}

/// The text, what of it is not understood, and the button that plays the rest.
#[component]
fn Editor() -> impl IntoView {
    let lab = Lab::expect_context();
    let text = RwSignal::new(untrack(move || lab.run().script().to_string()));
    let problems = Memo::new(move |_| Script::parse(&text.get()).problems);
    let list = move || {
        let problems: Vec<Problem> = problems.get();
        match problems.is_empty() {
            true => view! { <p class="note">{say::SCRIPT_GOOD}</p> }.into_any(),
            false => {
                let items = problems.into_iter().map(|problem| view! { <li>{problem.to_string()}</li> });
                view! { <ul class="problems">{items.collect_view()}</ul> }.into_any()
            }
        }
    };
    view! {
        <textarea
            class="script-text"
            aria-label=say::SCRIPT_LABEL
            rows="10"
            spellcheck="false"
            autocapitalize="off"
            prop:value=move || text.get()
            on:input=move |event| text.set(event_target_value(&event))
            on:keydown=|event| event.stop_propagation()
        ></textarea>
        <div role="status">{list}</div>
        <button class="button" type="button" on:click=move |_| {
            lab.play_text(&text.get_untracked());
        }>{say::SCRIPT_PLAY}</button>
    }
}
