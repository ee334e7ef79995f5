//! The HTML of one page.

use kafka_lab_web::pages::Page;

use crate::bundle::Bundle;

/// Names of the site's files, all in its root.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) app: Bundle,
    pub(crate) boot: String,
    pub(crate) style: String,
    pub(crate) early: Option<String>,
    pub(crate) icon: String,
    /// Hashed name, then the name that the wasm asks for.
    pub(crate) late_files: Vec<(String, String)>,
    /// Fonts to fetch before the style sheet asks for them.
    pub(crate) fonts: Vec<String>,
}

/// Fills the template: what belongs into the head, and the text and picture that are there before any script.
pub(crate) fn html(template: &str, page: &Page, parts: &Parts) -> String {
    without_trunk(template)
        .replace("<!-- site:head -->", &head(page, parts))
        // The renderer leaves empty comments for a hydration that does not take place.
        .replace("<!-- site:app -->", &page.body_html.replace("<!>", ""))
}

/// Leaves out what is said to Trunk: from each `<link data-trunk` to its `>`, and the comment on the template.
fn without_trunk(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("<link data-trunk") {
        out.push_str(before.trim_end());
        rest = after.split_once('>').map_or("", |(_, behind)| behind);
    }
    out.push_str(rest);
    let lines = out.lines().filter(|line| !line.starts_with("<!-- The template"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

fn head(page: &Page, parts: &Parts) -> String {
    let depth = page.folder.split('/').filter(|part| !part.is_empty()).count();
    let root = if depth == 0 { "./".to_owned() } else { "../".repeat(depth) };
    let at = |name: &String| format!("{root}{name}");
    let late: Vec<String> = parts.late_files.iter().map(|(hashed, name)| format!("{name}={}", at(hashed))).collect();

    let mut lines = vec![
        format!(r#"<meta http-equiv="content-security-policy" content="{}">"#, policy_for_meta()),
        format!("<title>{}</title>", escape(&page.title)),
        format!(r#"<meta name="description" content="{}">"#, escape(&page.description)),
        format!(r#"<meta name="kafka-lab-page" content="{}">"#, escape(&page.folder)),
        format!(r#"<meta name="kafka-lab-files" content="{}">"#, escape(&late.join(" "))),
    ];
    // Links before scripts: the parser waits for `early`, and a browser that reads a policy in a page asks for nothing
    // that is named behind it until it has come. That would be one more way to the host and back.
    lines.push(format!(r#"<link rel="stylesheet" href="{}">"#, at(&parts.style)));
    // What the page shows at once is drawn with the style that other pages load late.
    let late_style = parts.late_files.iter().find(|(_, name)| page.shows_late_parts && name == crate::LATE_STYLE);
    lines.extend(late_style.map(|(hashed, _)| format!(r#"<link rel="stylesheet" href="{}">"#, at(hashed))));
    // A host that speaks HTTP/1.1 is asked for six files at a time; this one holds up the first picture.
    if let Some(early) = &parts.early {
        lines.push(format!(r#"<link rel="preload" href="{}" as="script">"#, at(early)));
    }
    for font in &parts.fonts {
        let font = at(font);
        lines.push(format!(r#"<link rel="preload" href="{font}" as="font" type="font/woff2" crossorigin>"#));
    }
    let wasm = at(&parts.app.wasm);
    lines.push(format!(r#"<link rel="preload" href="{wasm}" as="fetch" type="application/wasm" crossorigin>"#));
    for module in [&parts.app.glue, &parts.app.loader] {
        lines.push(format!(r#"<link rel="modulepreload" href="{}">"#, at(module)));
    }
    // The page's own content, which the app asks for first of all. Not the front page's: at its address every other
    // page begins too, and a browser complains of what was fetched in vain.
    let content = page.content.as_ref().filter(|_| !page.folder.is_empty());
    if let Some((hashed, _)) = parts.late_files.iter().find(|(_, name)| Some(name) == content) {
        lines.push(format!(r#"<link rel="preload" href="{}" as="fetch" crossorigin>"#, at(hashed)));
    }
    // Without an icon, browsers ask the host for /favicon.ico, outside the site's own folder.
    lines.push(format!(r#"<link rel="icon" href="{}" type="image/svg+xml">"#, at(&parts.icon)));
    if let Some(early) = &parts.early {
        lines.push(format!(r#"<script src="{}"></script>"#, at(early)));
    }
    lines.push(format!(r#"<script type="module" src="{}"></script>"#, at(&parts.boot)));
    lines.join("\n    ")
}

/// The policy on one line, without the directive that works as a header only.
fn policy_for_meta() -> String {
    let directives = include_str!("../policy.txt").lines().filter(|line| !line.starts_with("frame-ancestors"));
    directives.collect::<Vec<_>>().join("; ")
}

/// Text for an element's content or a quoted attribute.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts() -> Parts {
        Parts {
            app: Bundle { glue: "glue-1.js".into(), loader: "later-1.js".into(), wasm: "app-1_bg.wasm".into() },
            boot: "boot-1.js".into(),
            style: "style-1.css".into(),
            early: Some("early-1.js".into()),
            icon: "icon-1.svg".into(),
            late_files: vec![("02-1.bin".into(), "02.bin".into()), ("late-1.css".into(), "late.css".into())],
            fonts: Vec::new(),
        }
    }

    fn page(folder: &str) -> Page {
        Page {
            folder: folder.into(),
            title: "Logs & <offsets>".into(),
            description: "Say \"offset\".".into(),
            content: Some(format!("{folder}.bin")),
            shows_late_parts: folder == "segments",
            body_html: "<p>text<!></p>".into(),
        }
    }

    const TEMPLATE: &str = "<!-- The template -->\n<link data-trunk rel=\"rust\"\n href=\"x\">\n\
        <!-- site:head -->\n<div id=\"app\"><!-- site:app --></div>\n";

    #[test]
    fn a_nested_page_names_its_files_one_folder_up() {
        let html = html(TEMPLATE, &page("02"), &parts());
        assert!(html.contains(r#"src="../boot-1.js""#), "{html}");
        assert!(html.contains(r#"content="02.bin=../02-1.bin late.css=../late-1.css""#), "{html}");
        assert!(!html.contains("\"./"), "{html}");
    }

    #[test]
    fn a_page_asks_for_its_own_content_at_once_and_for_no_other() {
        let preload = r#"<link rel="preload" href="../02-1.bin""#;
        assert!(html(TEMPLATE, &page("02"), &parts()).contains(preload));
        assert!(!html(TEMPLATE, &page("tracer"), &parts()).contains(preload));
    }

    #[test]
    fn a_page_that_shows_late_parts_at_once_has_their_style_at_once() {
        let link = r#"<link rel="stylesheet" href="../late-1.css">"#;
        assert!(html(TEMPLATE, &page("segments"), &parts()).contains(link));
        assert!(!html(TEMPLATE, &page("02"), &parts()).contains(link));
    }

    #[test]
    fn no_link_stands_behind_a_script() {
        let html = html(TEMPLATE, &page("02"), &parts());
        assert!(html.rfind("<link") < html.find("<script"), "{html}");
    }

    #[test]
    fn the_text_is_there_and_what_trunk_was_told_is_not() {
        let html = html(TEMPLATE, &page(""), &parts());
        assert!(html.contains(r#"<div id="app"><p>text</p></div>"#), "{html}");
        assert!(html.contains("<title>Logs &amp; &lt;offsets&gt;</title>"), "{html}");
        assert!(!html.contains("data-trunk") && !html.contains("The template"), "{html}");
    }
}
