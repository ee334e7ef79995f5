//! The code that ran: the rule behind the event at hand, its real source text, the line that decided marked.

use kafka_lab::explain::decided;
use leptos::prelude::*;

use crate::content::{Content, Load, RuleText};
use crate::scene::{Lab, SentenceView};
use crate::words::{drawer as say, notices};

#[component]
pub(super) fn Code() -> impl IntoView {
    let lab = Lab::expect_context();
    let content = Content::use_context();
    // The rule behind the event at hand, or behind the last one that had a rule.
    let decision = Memo::new(move |_| {
        let run = lab.run();
        let event = lab.event()?;
        let mut at = usize::try_from(event.id.0).ok()?;
        loop {
            let event = run.event(at)?;
            if let Some(decided) = decided(&run, event.id) {
                return Some((decided, event.clone()));
            }
            at = at.checked_sub(1)?;
        }
    });
    move || {
        let Some((decided, event)) = decision.get() else {
            return view! { <p class="note">{say::CODE_HINT}</p> }.into_any();
        };
        match content.rules() {
            Load::Ready(rules) => match rules.iter().find(|rule| rule.name == decided.rule) {
                Some(rule) => view! {
                    <p class="code-event"><SentenceView sentence=kafka_lab::words::story(&event)/></p>
                    <RuleView rule=rule.clone() variant=decided.variant/>
                }
                .into_any(),
                None => view! { <p class="note">{say::CODE_HINT}</p> }.into_any(),
            },
            Load::Loading => view! { <p class="note" role="status">{notices::LOADING}</p> }.into_any(),
            Load::Failed(problem) => view! { <p class="note" role="alert">{problem.0}</p> }.into_any(),
        }
    }
}

#[component]
fn RuleView(rule: RuleText, variant: String) -> impl IntoView {
    let marked = rule.marks.get(&variant).copied();
    let place = format!("{}:{}", rule.file, marked.map_or(rule.first_line, |line| rule.first_line + line));
    let lines = rule.lines.into_iter().enumerate().map(|(number, pieces)| {
        let runs = marked == Some(number);
        let pieces = pieces.into_iter().map(|(class, text)| {
            let class = if class.is_empty() { class } else { format!("code-{class}") };
            view! { <span class=class>{text}</span> }
        });
        view! {
            <span class="code-line" class:marked=runs>
                {pieces.collect_view()}
                {runs.then(|| view! { <span class="unseen">" // " {say::CODE_LINE}</span> })}
                "\n"
            </span>
        }
    });
    view! {
        <figure class="rule">
            <figcaption>{place}</figcaption>
            <pre tabindex="0"><code>{lines.collect_view()}</code></pre>
        </figure>
    }
}
