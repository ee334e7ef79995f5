//! The matrix: every combination of the settings, filled in row by row, each cell the way to its own answer.

use std::rc::Rc;

use js_sys::Date;
use kafka_lab::words::counted;
use kafka_lab::worst_case::{Answer, Ask, Asked, Knob, Looked, Outcome, RowTold, rows};
use litemap::LiteMap;

use super::form::{count, seconds};
use super::line::Line;
use super::result::cost;
use super::words::matrix as words;
use crate::markup::{El, button, el, live, many, text};
use crate::reactive::*;

/// What is known of the matrix. A handle that is copied freely.
#[derive(Clone, Copy)]
struct Matrix {
    rows: RwSignal<LiteMap<u32, RowTold>>,
    is_working: RwSignal<bool>,
    looked: RwSignal<Looked>,
    failed: RwSignal<Option<String>>,
    began_ms: StoredValue<f64>,
    took_ms: RwSignal<f64>,
    line: Line,
    /// The question of a cell that was pressed.
    wanted: RwSignal<Option<Asked>>,
}

/// The numbers of faults that stand above the columns.
const FAULTS: [u8; 4] = [0, 1, 2, 3];

/// The matrix, with all its tables open or the first alone. What a cell asks is put into `wanted`.
pub(super) fn matrix(wanted: RwSignal<Option<Asked>>, all_open: bool) -> El {
    let matrix = Matrix {
        rows: RwSignal::new(LiteMap::new()),
        is_working: RwSignal::new(false),
        looked: RwSignal::new(Looked::default()),
        failed: RwSignal::new(None),
        began_ms: StoredValue::new(0.0),
        took_ms: RwSignal::new(0.0),
        line: Line::new(),
        wanted,
    };
    let all: Vec<(u32, Asked)> = (0..).zip(rows()).collect();
    let tables = worlds().into_iter().enumerate().map(|(number, world)| {
        let rows: Vec<_> = all.iter().filter(|(_, asked)| world_of(asked) == world).copied().collect();
        let details = el("details").class("matrix-part").attr("open", (all_open || number == 0).then_some(""));
        details.child(el("summary").child(title(world))).child(table(matrix, &rows))
    });
    el("section")
        .class("matrix")
        .attr("aria-label", words::HEADING)
        .child(el("h2").child(words::HEADING))
        .child(el("p").class("matrix-text").child(words::TEXT))
        .child(legend())
        .child(progress(matrix))
        .child(el("div").class("matrix-parts").child(many(tables)))
}

/// What the settings of one table have in common: whether power is lost, ELR, unclean elections.
type World = [bool; 3];

fn world_of(asked: &Asked) -> World {
    [asked.knobs.power_loss, asked.knobs.elr, asked.knobs.unclean]
}

/// In the order of the tables: Kafka's defaults first.
fn worlds() -> [World; 8] {
    [0, 1, 2, 3, 4, 5, 6, 7].map(|number: u8| [number & 4 != 0, number & 1 == 0, number & 2 != 0])
}

/// Which world a table is about.
fn title([power_loss, elr, unclean]: World) -> String {
    let words =
        [words::POWER[usize::from(power_loss)], words::ELR[usize::from(elr)], words::UNCLEAN[usize::from(unclean)]];
    words.join(" \u{b7} ")
}

/// The signs in words.
fn legend() -> El {
    let item = |class: &'static str, sign: &'static str, says: &'static str| {
        el("li").child(el("span").class(class).child(sign)).child(" ").child(says)
    };
    el("ul")
        .class("matrix-legend")
        .child(item("cell-loses", words::LOSES, words::LOSES_LONG))
        .child(item("cell-keeps", words::KEEPS, words::KEEPS_LONG))
        .child(item("cell-stops", words::STOPS, words::STOPS_LONG))
        .child(item("cell-writes", words::WRITES, words::WRITES_LONG))
}

impl Matrix {
    /// Asks for the rows that are not there, the smallest questions first.
    fn fill(self) {
        let known = self.rows.get_untracked();
        let all = (0_u32..).zip(rows()).filter(|(row, _)| !known.contains_key(row));
        let mut missing: Vec<(u8, u32)> = all.map(|(row, asked)| (asked.knobs.replicas, row)).collect();
        missing.sort_unstable();
        self.failed.set(None);
        self.looked.set(Looked::default());
        self.is_working.set(true);
        self.began_ms.set_value(Date::now() - self.took_ms.get_untracked());
        let hear = move |answer| match answer {
            Ok(answer) => self.take(answer),
            Err(problem) => {
                self.is_working.set(false);
                self.failed.set(Some(problem));
            }
        };
        self.line.ask(Ask::Matrix(missing.into_iter().map(|(_, row)| row).collect()), Rc::new(hear));
    }

    fn take(self, answer: Answer) {
        self.took_ms.set(Date::now() - self.began_ms.get_value());
        match answer {
            Answer::Row(row) => self.rows.update(|rows| {
                rows.insert(row.row, row);
            }),
            Answer::Looking(looked) => self.looked.set(looked),
            Answer::Done => self.is_working.set(false),
            // Nobody has asked a single question on this line.
            Answer::Verdict(_) | Answer::Stop(_) | Answer::Turned(_) => {}
        }
    }
}

fn progress(matrix: Matrix) -> El {
    let all = rows().len();
    let known = move || matrix.rows.with(LiteMap::len);
    let buttons = move || {
        if matrix.is_working.get() {
            return Some(button("button", words::CANCEL).on_click(move || matrix.line.cancel()));
        }
        let known = known();
        let label = if known == 0 { words::FILL } else { words::GO_ON };
        (known < all).then(|| button("button primary", label).on_click(move || matrix.fill()))
    };
    let far = move || {
        let known = known();
        if known == 0 && !matrix.is_working.get() {
            return String::new();
        }
        let took = seconds(matrix.took_ms.get());
        let now = matrix
            .is_working
            .get()
            .then(|| format!(" \u{b7} {} states in the next", counted(matrix.looked.get().states)));
        format!("{known} of {all} settings \u{b7} {took}{}", now.unwrap_or_default())
    };
    let bar = move || {
        let bar = || el("progress").attr("aria-label", words::HEADING).attr("max", all.to_string());
        matrix.is_working.get().then(|| bar().live_attr("value", move || known().to_string()))
    };
    // The ears hear when it begins and when it is over.
    let said = move || match (matrix.is_working.get(), known() == all) {
        (true, _) => words::FILLING,
        (false, true) => words::FILLED,
        (false, false) => "",
    };
    let failed = move || matrix.failed.get().map(|said| el("p").class("note").attr("role", "alert").child(said));
    el("div")
        .child(el("p").class("unseen").attr("role", "status").child(text(move || said().to_owned())))
        .child(
            el("p")
                .class("checker-progress data")
                .child(live(buttons))
                .child(live(bar))
                .child(el("span").child(text(far))),
        )
        .child(live(failed))
}

fn table(matrix: Matrix, rows: &[(u32, Asked)]) -> El {
    let heads = FAULTS.map(|faults| el("th").attr("scope", "col").child(count(faults.into(), "fault")));
    let head = el("thead").child(el("tr").child(el("td")).child(many(heads)));
    let bodies = rows.chunk_by(|(_, one), (_, other)| one.knobs.replicas == other.knobs.replicas).map(|group| {
        let replicas = group.first().map_or(0, |(_, asked)| asked.knobs.replicas);
        let name = format!("{} {replicas}", Knob::Replicas.name());
        let name = el("th").attr("scope", "rowgroup").attr("colspan", (FAULTS.len() + 1).to_string()).child(name);
        let lines = group.iter().map(|(row, asked)| line(matrix, *row, *asked));
        el("tbody").child(el("tr").class("matrix-group").child(name)).child(many(lines))
    });
    el("table").class("matrix-table data").child(head).child(many(bodies))
}

fn line(matrix: Matrix, row: u32, asked: Asked) -> El {
    let acks = Knob::Acks.value(&asked);
    let name =
        if acks == "all" { format!("acks=all, min {}", Knob::MinIsr.value(&asked)) } else { format!("acks={acks}") };
    let told = memo(move || matrix.rows.with(|rows| rows.get(&row).cloned()));
    let cells = FAULTS.map(|faults| {
        let name = name.clone();
        let cell = move || told.get().map(|told| cell(matrix, &told, asked, &name, faults));
        el("td").child(live(move || cell().unwrap_or_else(|| el("span").class("cell-waits").child(words::WAITS))))
    });
    el("tr").child(el("th").attr("scope", "row").child(name.clone())).child(many(cells))
}

/// What becomes of these settings with so many faults: the way to the answer that says so.
fn cell(matrix: Matrix, told: &RowTold, mut asked: Asked, name: &str, faults: u8) -> El {
    let seen: u64 = told.looked_at.iter().take(usize::from(faults) + 1).sum();
    let (class, sign, says) = match told.loss {
        Outcome::Found { faults: needs, steps } if needs <= faults => {
            ("cell-loses", words::LOSES, format!("{}: {}", words::LOSES_LONG, cost(needs, steps)))
        }
        Outcome::Found { .. } | Outcome::NotFound => {
            ("cell-keeps", words::KEEPS, format!("{}, {} states", words::KEEPS_LONG, counted(seen)))
        }
        Outcome::Cancelled | Outcome::MemoryFull { .. } => ("cell-waits", "?", words::NOT_KNOWN.to_owned()),
    };
    let (stop_class, stop_sign, stop_says) = match told.stop {
        Some((needs, steps)) if needs <= faults => {
            ("cell-stops", words::STOPS, format!("{}: {}", words::STOPS_LONG, cost(needs, steps)))
        }
        _ => ("cell-writes", words::WRITES, words::WRITES_LONG.to_owned()),
    };
    let label = format!("{name}, {}: {says}; {stop_says}", count(faults.into(), "fault"));
    asked.knobs.bounds.faults = faults;
    el("button")
        .class("matrix-cell")
        .attr("type", "button")
        .attr("aria-label", label)
        .child(el("span").class(class).child(sign))
        .child(el("span").class(stop_class).child(stop_sign))
        .on_click(move || matrix.wanted.set(Some(asked)))
}
