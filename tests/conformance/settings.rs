//! Every default that a page shows is the one that Kafka 4.3.1 has.

use kafka_lab::settings::SETTINGS;
use serde::Deserialize;

use crate::fixtures::folder;

#[derive(Deserialize)]
struct Row {
    scope: String,
    name: String,
    default: String,
}

#[test]
fn every_default_is_kafkas() {
    let mut table = csv::Reader::from_path(folder("oracle").join("configs-4.3.1.csv")).expect("the table of 4.3.1");
    let rows: Vec<Row> = table.deserialize().collect::<Result<_, _>>().expect("rows");
    assert!(rows.len() > 500, "{} rows", rows.len());
    for setting in SETTINGS {
        let is_it = |row: &&Row| row.name == setting.name && row.scope.split('/').next() == Some(setting.scope.word());
        let found: Vec<&str> = rows.iter().filter(is_it).map(|row| row.default.as_str()).collect();
        assert_eq!(found, [setting.default], "{}", setting.name);
    }
}
