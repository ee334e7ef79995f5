//! What `kafka-lab dump --findings` says of the broken files: where, what, and what a broker makes of it. The page
//! about segments says the same, from the same inspector.

use expect_test::expect_file;
use kafka_lab::cli::Exit;

use crate::dump::dump;
use crate::fixtures::cases;

#[test]
fn each_broken_file_has_its_place_and_reason() {
    let mut said = String::new();
    for case in cases() {
        let Some(name) = case.name.strip_prefix("09-corrupted/") else { continue };
        let ran = dump(&["--findings"], &case.logs);
        assert_eq!(ran.err, "", "{name}");
        said.push_str(&format!("{name}\n"));
        ran.out.lines().for_each(|line| said.push_str(&format!("  {line}\n")));
        // Of those with a broken index this reads the log alone.
        let is_fine =
            name == "empty" || name.ends_with("/after") || name.starts_with("magic-") || name.contains("index");
        assert_eq!(ran.exit == Exit::Fine, is_fine, "{name}: {}", ran.out);
    }
    expect_file!["findings.txt"].assert_eq(&said);
}

/// Where the bytes are wrong the plain dump says so too, on standard error.
#[test]
fn the_dump_itself_names_the_same_places() {
    for case in cases().into_iter().filter(|case| case.name.starts_with("09-corrupted/")) {
        let (dumped, found) = (dump(&[], &case.logs), dump(&["--findings"], &case.logs));
        assert_eq!(dumped.exit, found.exit, "{}: {}", case.name, found.out);
    }
}

#[test]
fn nothing_is_wrong_with_what_a_healthy_broker_wrote() {
    for case in cases().into_iter().filter(|case| !case.name.starts_with("09-corrupted/")) {
        let ran = dump(&["--findings"], &case.logs);
        assert_eq!((ran.exit, ran.err.as_str()), (Exit::Fine, ""), "{}: {}", case.name, ran.out);
    }
}
