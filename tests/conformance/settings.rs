//! Every default that a page shows, and what a setting may be, is as Kafka 4.3.1 has it.

use kafka_lab::settings::SETTINGS;
use serde::Deserialize;

use crate::fixtures::folder;

#[derive(Deserialize)]
struct Row {
    scope: String,
    name: String,
    default: String,
    #[serde(rename = "type")]
    kind: String,
    valid: String,
}

#[test]
fn every_row_is_kafkas() {
    let mut table = csv::Reader::from_path(folder("oracle").join("configs-4.3.1.csv")).expect("the table of 4.3.1");
    let rows: Vec<Row> = table.deserialize().collect::<Result<_, _>>().expect("rows");
    assert!(rows.len() > 500, "{} rows", rows.len());
    for setting in &SETTINGS {
        let is_it = |row: &&Row| row.name == setting.name && row.scope.split('/').next() == Some(setting.scope.word());
        let printed = |row: &Row| (row.default.clone(), format!("{},{}", row.kind, row.valid));
        let found: Vec<(String, String)> = rows.iter().filter(is_it).map(printed).collect();
        assert_eq!(found, [(setting.default.to_owned(), setting.kind.to_string())], "{}", setting.name);
    }
}
