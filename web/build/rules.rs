//! The source text of the rules that the page shows, and for each the line that makes each variant of its decision.
//!
//! `content/rules.toml` names them. A rule that is renamed or deleted, a variant that no line or more than one line
//! makes: each stops the build.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use crate::highlight::Highlighter;
use crate::model::RuleText;
use crate::text_of;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    /// `file::function`, below `core/src/rules`.
    rules: Vec<String>,
}

/// The listed rules, in their order.
pub(crate) fn read(list: &Path, folder: &Path) -> Result<Vec<RuleText>, String> {
    let listed: Listed = toml::from_str(&text_of(list)?).map_err(|problem| format!("{}: {problem}", list.display()))?;
    let highlighter = Highlighter::new()?;
    listed.rules.iter().map(|path| rule(path, folder, &highlighter)).collect()
}

fn rule(path: &str, folder: &Path, highlighter: &Highlighter) -> Result<RuleText, String> {
    let (file, name) = path.split_once("::").ok_or_else(|| format!("rules.toml: `{path}` is not file::function"))?;
    let source = text_of(&folder.join(format!("{file}.rs")))?;
    let parsed = syn::parse_file(&source).map_err(|problem| format!("{file}.rs: {problem}"))?;
    let function = parsed.items.iter().find_map(|item| match item {
        syn::Item::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    });
    let function = function.ok_or_else(|| format!("core/src/rules/{file}.rs has no function `{name}`"))?;
    let (first, last) = (function.span().start().line, function.span().end().line);
    let marks = marks(&parsed, function).map_err(|problem| format!("core/src/rules/{file}.rs, {name}: {problem}"))?;
    let shown = source.lines().skip(first - 1).take(last + 1 - first);
    Ok(RuleText {
        name: name.to_owned(),
        file: format!("core/src/rules/{file}.rs"),
        first_line: first,
        lines: highlighter.lines(shown)?,
        marks: marks.into_iter().map(|(variant, line)| (variant, line - first)).collect(),
    })
}

/// The line of the file that makes each variant of what the function returns; of a struct, the line that makes it.
fn marks(file: &syn::File, function: &syn::ItemFn) -> Result<Vec<(String, usize)>, String> {
    let decision = match &function.sig.output {
        syn::ReturnType::Type(_, ty) => match &**ty {
            syn::Type::Path(path) => path.path.get_ident(),
            _ => None,
        },
        syn::ReturnType::Default => None,
    };
    let decision = decision.ok_or("a rule returns a decision of its own file")?.to_string();
    let variants: Option<Vec<String>> = file.items.iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == decision => {
            Some(item.variants.iter().map(|variant| variant.ident.to_string()).collect())
        }
        syn::Item::Struct(item) if item.ident == decision => Some(vec![decision.clone()]),
        _ => None,
    });
    let variants = variants.ok_or_else(|| format!("`{decision}` is not declared in this file"))?;
    let mut makers = Makers { decision, found: BTreeMap::new() };
    makers.visit_block(&function.block);
    variants
        .into_iter()
        .map(|variant| match makers.found.get(&variant).map(Vec::as_slice) {
            Some([line]) => Ok((variant, *line)),
            Some(lines) => Err(format!("`{variant}` is made on {} lines, {lines:?}", lines.len())),
            None => Err(format!("no line makes `{variant}`")),
        })
        .collect()
}

/// Collects the lines of expressions that make a variant.
struct Makers {
    decision: String,
    found: BTreeMap<String, Vec<usize>>,
}

impl Makers {
    fn note(&mut self, path: &syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let made = match names.as_slice() {
            [decision, variant] if *decision == self.decision => variant,
            [only] if *only == self.decision => only,
            _ => return,
        };
        self.found.entry(made.clone()).or_default().push(path.span().start().line);
    }
}

impl<'ast> Visit<'ast> for Makers {
    fn visit_expr_path(&mut self, made: &'ast syn::ExprPath) {
        self.note(&made.path);
        visit::visit_expr_path(self, made);
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        self.note(&made.path);
        visit::visit_expr_struct(self, made);
    }

    // A pattern takes a decision apart; it makes none.
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
}
