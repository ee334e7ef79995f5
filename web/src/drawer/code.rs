//! The code that ran: the rule behind the event at hand, its real source text, the line that decided marked.

use kafka_lab::explain::decided;

use crate::content::{Content, Load, RuleText};
use crate::markup::{El, Markup, el, live, many};
use crate::reactive::*;
use crate::scene::{Lab, sentence_view};
use crate::words::{drawer as say, notices};

pub(super) fn code(lab: Lab) -> Markup {
    let content = Content::use_context();
    // The rule behind the event at hand, or behind the last one that had a rule.
    let decision = memo(move || {
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
    let note = || el("p").class("note");
    live(move || {
        let Some((decided, event)) = decision.get() else { return note().child(say::CODE_HINT).into() };
        match content.rules() {
            Load::Ready(rules) => match rules.iter().find(|rule| rule.name == decided.rule) {
                Some(rule) => many([
                    el("p").class("code-event").child(sentence_view(kafka_lab::words::story(&event))),
                    rule_view(rule, decided.variant.as_str()),
                ]),
                None => note().child(say::CODE_HINT).into(),
            },
            Load::Loading => note().attr("role", "status").child(notices::LOADING).into(),
            Load::Failed(problem) => note().attr("role", "alert").child(problem.0).into(),
        }
    })
}

fn rule_view(rule: &RuleText, variant: &str) -> El {
    let marked = rule.marks.iter().find(|(name, _)| name == variant).map(|(_, line)| *line);
    let place = format!("{}:{}", rule.file, marked.map_or(rule.first_line, |line| rule.first_line + line));
    let lines = rule.lines.iter().enumerate().map(|(number, pieces)| line(pieces, marked == Some(number)));
    let source = el("code").child(many(lines));
    el("figure").class("rule").child(el("figcaption").child(place)).child(el("pre").attr("tabindex", "0").child(source))
}

/// A line of source, its pieces in their colours; `runs` marks the one that decided.
fn line(pieces: &[(String, String)], runs: bool) -> El {
    let pieces = pieces.iter().map(|(class, text)| {
        let class = (!class.is_empty()).then(|| format!("code-{class}"));
        el("span").class(class).child(text.clone())
    });
    let said = runs.then(|| el("span").class("unseen").child(" // ").child(say::CODE_LINE));
    el("span").class(if runs { "code-line marked" } else { "code-line" }).child(many(pieces)).child(said).child("\n")
}
