//! Rust source to pieces with a class. Classes, not colours: the theme is the page's.

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

/// The scopes that are told apart, the most telling first.
const CLASSES: [(&str, &str); 8] = [
    ("comment", "comment"),
    ("string", "text"),
    ("constant.numeric", "number"),
    ("entity.name.function", "name"),
    ("support.function", "name"),
    ("keyword", "word"),
    ("storage", "word"),
    ("support.type", "type"),
];

pub(crate) struct Highlighter {
    syntaxes: SyntaxSet,
    classes: Vec<(Scope, &'static str)>,
}

impl Highlighter {
    pub(crate) fn new() -> Result<Self, String> {
        let classes = CLASSES.iter().map(|(scope, class)| Scope::new(scope).map(|scope| (scope, *class)));
        let classes = classes.collect::<Result<_, _>>().map_err(|problem| problem.to_string())?;
        Ok(Self { syntaxes: SyntaxSet::load_defaults_newlines(), classes })
    }

    /// The lines as pieces of one class each.
    pub(crate) fn lines<'a>(&self, lines: impl Iterator<Item = &'a str>) -> Result<Vec<Vec<(String, String)>>, String> {
        let rust = self.syntaxes.find_syntax_by_extension("rs").ok_or("syntect has no Rust")?;
        let mut state = ParseState::new(rust);
        let mut stack = ScopeStack::new();
        lines
            .map(|line| {
                let line = format!("{line}\n");
                let changes = state.parse_line(&line, &self.syntaxes).map_err(|problem| problem.to_string())?;
                let mut pieces = Vec::new();
                let mut from = 0;
                for (at, change) in changes {
                    self.piece(&mut pieces, &line[from..at], &stack);
                    stack.apply(&change).map_err(|problem| problem.to_string())?;
                    from = at;
                }
                self.piece(&mut pieces, &line[from..], &stack);
                Ok(pieces)
            })
            .collect()
    }

    fn piece(&self, pieces: &mut Vec<(String, String)>, text: &str, stack: &ScopeStack) {
        // The end of the line is the parser's need, not part of the line.
        let text = text.trim_end_matches('\n');
        if text.is_empty() {
            return;
        }
        let class_of = |scope: &Scope| self.classes.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
        let class = stack.scopes.iter().rev().find_map(class_of).map_or("", |(_, class)| class);
        match pieces.last_mut() {
            Some((last, before)) if last == class => before.push_str(text),
            _ => pieces.push((class.to_owned(), text.to_owned())),
        }
    }
}
