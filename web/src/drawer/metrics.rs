//! Metrics: what Kafka would report at the moment that is shown, and how one of them has gone over the run as far as it
//! has been seen. What is still to come is not told: it would answer the questions of the lesson.

use std::sync::Arc;

use kafka_lab::metrics::{Known, METRICS, Meter, Point, Reading, series};
use kafka_lab::timeline::BranchId;
use kafka_lab::words;
use wasm_bindgen::JsCast;
use wasm_split_helpers::wasm_split;
use web_sys::{Element, KeyboardEvent, MouseEvent, PointerEvent};

use crate::markup::{El, Markup, NotLoaded, button, el, late, live, many, mount, svg, text};
use crate::player::Moment;
use crate::reactive::*;
use crate::scene::Lab;
use crate::stage::element::number;
use crate::words::metrics as say;

/// The plot's own units; it is stretched to the panel's width.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 96.0;
/// Above the largest value and below the smallest.
const MARGIN: f64 = 8.0;

/// The panel; its code is fetched when it is first opened.
pub(super) fn metrics(lab: Lab) -> El {
    late("metrics", move |place, owner| metrics_into(place, owner, lab))
}

#[wasm_split(metrics, fallible)]
fn metrics_into(place: Element, owner: Owner, lab: Lab) -> Result<(), NotLoaded> {
    owner.with(|| mount(&place, Panel::new(lab).view()));
    Ok(())
}

/// A handle that is copied freely.
#[derive(Clone, Copy)]
struct Panel {
    lab: Lab,
    /// Which metric is plotted, by its place in the table.
    chosen: RwSignal<usize>,
    /// How far the run has been seen since the panel was opened.
    seen: Memo<(BranchId, usize)>,
    points: Memo<Arc<Vec<Point>>>,
    /// Where the pointer is, if it is on the plot.
    hovered: RwSignal<Option<Moment>>,
}

impl Panel {
    fn new(lab: Lab) -> Self {
        let chosen = RwSignal::new(0);
        let moment = lab.playback.moment();
        let seen = Memo::new(move |before: Option<&(BranchId, usize)>| {
            let (branch, now) = (lab.branch(), moment.get().0);
            let before = before.filter(|(of, _)| *of == branch).map_or(0, |(_, seen)| *seen);
            (branch, before.max(now))
        });
        let points = memo(move || Arc::new(series(&lab.run(), METRICS[chosen.get()].metric)));
        Panel { lab, chosen, seen, points, hovered: RwSignal::new(None) }
    }

    fn view(self) -> Markup {
        many([self.plotted(), self.table(), self.in_words()])
    }

    /// The metric at the moment that is shown: every process' reading.
    fn readings(self) -> Vec<(usize, Known, Vec<Reading>)> {
        let (run, world) = (self.lab.run(), self.lab.world());
        let meter = Meter::at(&run, self.lab.playback.moment().get().0);
        let rows = METRICS.into_iter().enumerate();
        let rows = rows.map(|(place, known)| (place, known, known.metric.read(&world, &meter)));
        rows.filter(|(_, _, readings)| !readings.is_empty()).collect()
    }

    fn table(self) -> El {
        let row = move |(place, known, readings): (usize, Known, Vec<Reading>)| {
            let each = readings.iter().map(|reading| {
                let of = words::endpoint_name(reading.of);
                el("span").class("metric-of").child(format!("{of}: {}", reading.value))
            });
            let name = button("button-plain", short(&known))
                .live_attr("aria-pressed", move || Some(if self.chosen.get() == place { "true" } else { "false" }))
                .on_click(move || self.chosen.set(place));
            el("tr")
                .child(el("th").attr("scope", "row").child(name))
                .child(el("td").class("metric-total").child(known.metric.total(&readings).to_string()))
                .child(el("td").child(many(each)))
        };
        let head = [say::NAME, say::TOTAL, say::EACH].map(|label| el("th").attr("scope", "col").child(label));
        el("table")
            .class("metric-table")
            .child(el("thead").child(el("tr").child(many(head))))
            .child(el("tbody").child(live(move || many(self.readings().into_iter().map(row)))))
    }

    /// The chosen metric: its name in JMX, what it says, and how it has gone.
    fn plotted(self) -> El {
        let known = move || METRICS[self.chosen.get()];
        let named = move || {
            let known = known();
            many([
                el("p").child(el("code").child(known.name)).child(" ").child(known.attribute),
                el("p").class("note").child(known.says).child(format!(" {}{}.", say::SOURCE, known.source)),
            ])
        };
        let line = move || self.points.with(|points| self.path(points));
        let now = move || format!("M{} 0V{}", number(self.x(self.lab.playback.moment().get())), number(HEIGHT));
        let plot = svg("svg")
            .class("metric-plot")
            .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .attr("preserveAspectRatio", "none")
            .attr("aria-hidden", "true")
            .child(svg("path").class("metric-line").live_attr("d", line))
            .child(svg("path").class("now").live_attr("d", now));
        let slider = el("div")
            .class("metric-slider")
            .attr("role", "slider")
            .attr("tabindex", "0")
            .attr("aria-label", say::PLOT)
            .attr("aria-valuemin", "0")
            .live_attr("aria-valuemax", move || self.lab.run().len().to_string())
            .live_attr("aria-valuenow", move || self.lab.playback.moment().get().0.to_string())
            .live_attr("aria-valuetext", move || self.said(self.lab.playback.moment().get()))
            .on("keydown", move |event: KeyboardEvent| self.on_key(&event))
            .on("pointermove", move |event: PointerEvent| self.hovered.set(self.moment_at(&event)))
            .on("pointerleave", move |_: PointerEvent| self.hovered.set(None))
            .on("click", move |event: MouseEvent| {
                if let Some(moment) = self.moment_at(&event) {
                    self.lab.playback.seek(moment);
                }
            })
            .child(plot);
        let here = move || self.said(self.hovered.get().unwrap_or_else(|| self.lab.playback.moment().get()));
        el("div").class("metric").child(live(named)).child(slider).child(el("p").class("metric-said").child(text(here)))
    }

    /// What the metric was at a moment that has been seen.
    fn value_at(self, moment: Moment) -> Option<Point> {
        self.points.with(|points| {
            let after = points.partition_point(|point| point.moment <= moment.0);
            after.checked_sub(1).map(|place| points[place])
        })
    }

    fn said(self, moment: Moment) -> String {
        let Some(point) = self.value_at(moment) else { return say::NOT_YET.to_owned() };
        let event = moment.0.checked_sub(1).and_then(|index| self.lab.run().event(index).cloned());
        let tick = event.map_or(point.tick, |event| event.tick);
        format!("{} {} ({}): {}", say::AT, moment.0, words::duration(tick.0), point.value)
    }

    #[expect(clippy::cast_precision_loss, reason = "a run has far fewer events than a float can count")]
    fn x(self, moment: Moment) -> f64 {
        WIDTH * moment.0 as f64 / self.lab.run().len().max(1) as f64
    }

    /// A step at each change, as far as the run has been seen.
    #[expect(clippy::cast_precision_loss, reason = "heights on a screen")]
    fn path(self, points: &[Point]) -> String {
        let seen = self.seen.get().1;
        let shown = || points.iter().filter(|point| point.moment <= seen);
        let most = shown().map(|point| point.value).max().unwrap_or(0).max(1);
        let least = shown().map(|point| point.value).min().unwrap_or(0).min(0);
        let room = HEIGHT - 2.0 * MARGIN;
        let y = |value: i64| HEIGHT - MARGIN - room * (value - least) as f64 / (most - least) as f64;
        let mut path = String::new();
        for point in shown() {
            let (x, y) = (number(self.x(Moment(point.moment))), number(y(point.value)));
            path.push_str(&if path.is_empty() { format!("M{x} {y}") } else { format!("H{x}V{y}") });
        }
        if !path.is_empty() {
            path.push_str(&format!("H{}", number(self.x(Moment(seen)))));
        }
        path
    }

    /// The moment under the pointer, no later than what has been seen.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place")]
    fn moment_at(self, event: &MouseEvent) -> Option<Moment> {
        let plot: Element = event.current_target()?.dyn_into().ok()?;
        let bounds = plot.get_bounding_client_rect();
        if bounds.width() <= 0.0 {
            return None;
        }
        let share = ((f64::from(event.client_x()) - bounds.left()) / bounds.width()).clamp(0.0, 1.0);
        let moment = untrack(|| (share * self.lab.run().len() as f64).round() as usize);
        Some(Moment(moment.min(self.seen.get_untracked().1)))
    }

    /// The arrows go from change to change, as far as the run has been seen.
    fn on_key(self, event: &KeyboardEvent) {
        let now = self.lab.playback.moment().get_untracked().0;
        let seen = self.seen.get_untracked().1;
        let to = self.points.with_untracked(|points| {
            let moments = || points.iter().map(|point| point.moment).filter(|moment| *moment <= seen);
            match event.key().as_str() {
                "ArrowRight" | "ArrowUp" => moments().find(|moment| *moment > now).or(Some(seen)),
                "ArrowLeft" | "ArrowDown" => moments().rev().find(|moment| *moment < now).or(Some(0)),
                "Home" => Some(0),
                "End" => Some(seen),
                _ => None,
            }
        });
        if let Some(to) = to {
            event.prevent_default();
            // The arrows of the transport must not hear it too.
            event.stop_propagation();
            self.lab.playback.seek(Moment(to));
        }
    }

    /// Every change of the chosen metric, to be read.
    fn in_words(self) -> El {
        let changes = move || {
            let seen = self.seen.get().1;
            let points = self.points.get();
            let shown = points.iter().filter(|point| point.moment <= seen);
            many(shown.map(|point| {
                let place =
                    format!("{} {} ({}): {}", say::AT, point.moment, words::duration(point.tick.0), point.value);
                el("li").child(place)
            }))
        };
        el("details")
            .class("metric-words")
            .child(el("summary").child(say::IN_WORDS))
            .child(el("ol").child(live(changes)))
    }
}

/// "PurgatorySize Produce" for what is named at length below the plot.
fn short(known: &Known) -> String {
    let Some((_, named)) = known.name.split_once("name=") else { return known.attribute.to_owned() };
    named.replace(",delayedOperation=", " ")
}
