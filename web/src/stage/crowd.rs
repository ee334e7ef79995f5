//! When very much moves at once it moves on a canvas: the same shapes, drawn from the same style sheet.
//!
//! A record in the SVG is a group with a box and two texts, and moving it costs the browser style, layout
//! and paint each frame, some 30 µs a record. Beyond [`MOST_IN_SVG`] movers that is more than a frame
//! has. Then the tapes' plane is hidden, what can be seen of it is drawn here, and the SVG is brought up
//! to date when the run stands still: what is clicked, focused and read aloud is always the SVG.

use std::collections::HashMap;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, Document, Element, HtmlCanvasElement, HtmlElement, Path2d, Window};

use super::by_key::index;
use super::element;
use super::motion::{Fade, Move};
use super::shape::{Anchor, Bounds, Ink, Plane, Point, Shape};

/// Up to here the SVG moves by itself.
pub(super) const MOST_IN_SVG: usize = 120;

/// The canvas of a stage, made when it is first needed.
pub(super) struct Crowd {
    window: Window,
    document: Document,
    canvas: HtmlCanvasElement,
    pen: CanvasRenderingContext2d,
    /// Cells that were drawn once, side by side.
    sheet: HtmlCanvasElement,
    sheet_pen: CanvasRenderingContext2d,
    next: Slot,
    sprites: HashMap<String, Sprite>,
    styles: Styles,
    /// Device pixels a CSS pixel.
    scale: f64,
    cast: Vec<Player>,
    is_on: bool,
}

/// Where the next sprite goes on the sheet, in device pixels.
#[derive(Default)]
struct Slot {
    x: f64,
    y: f64,
}

/// A cell on the sheet.
struct Sprite {
    slot: Point,
    class: &'static str,
    inks: Vec<Ink>,
}

/// A shape's part in the movement.
struct Player {
    how: How,
    from: Point,
    to: Point,
    fade: Fade,
}

enum How {
    /// By its place on the sheet.
    Sprite(Point),
    Drawn(&'static str, Vec<Ink>),
}

/// What the style sheet says of an ink.
#[derive(Clone)]
struct Style {
    fill: String,
    fill_opacity: f64,
    stroke: String,
    stroke_width: f64,
    dash: Vec<f64>,
    font: String,
    opacity: f64,
}

type Drawn = Result<(), JsValue>;

/// The dotted columns are dear to draw, and nobody misses them in a crowd.
const TOO_FAINT: &str = "columns";
const SHEET_PX: u32 = 2_048;
/// Around a cell on the sheet: its hairline, and what antialiasing needs.
const PAD: f64 = 2.0;

impl Crowd {
    pub(super) fn new(holder: &HtmlElement) -> Result<Self, JsValue> {
        let document = holder.owner_document().ok_or(JsValue::UNDEFINED)?;
        let window = document.default_view().ok_or(JsValue::UNDEFINED)?;
        let (canvas, pen) = canvas(&document)?;
        canvas.set_class_name("stage-crowd");
        canvas.set_attribute("aria-hidden", "true")?;
        holder.append_child(&canvas)?;
        let (sheet, sheet_pen) = self::canvas(&document)?;
        Ok(Crowd {
            window,
            document,
            canvas,
            pen,
            sheet,
            sheet_pen,
            next: Slot::default(),
            sprites: HashMap::new(),
            styles: Vec::new(),
            scale: 1.0,
            cast: Vec::new(),
            is_on: false,
        })
    }

    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Takes the place of `plane`, the SVG that holds the tapes.
    pub(super) fn enter(&mut self, plane: &Element) -> Drawn {
        if !self.is_on {
            self.is_on = true;
            self.scale = self.window.device_pixel_ratio().max(1.0);
            // The theme may be another one than last time.
            self.styles.clear();
            self.clear_sheet();
            plane.class_list().add_1("is-hidden")?;
        }
        Ok(())
    }

    pub(super) fn leave(&mut self, plane: &Element) -> Drawn {
        if self.is_on {
            self.is_on = false;
            self.cast.clear();
            self.canvas.set_width(0);
            plane.class_list().remove_1("is-hidden")?;
        }
        Ok(())
    }

    fn clear_sheet(&mut self) {
        self.sprites.clear();
        self.next = Slot::default();
        self.sheet.set_width(SHEET_PX);
        self.sheet.set_height(SHEET_PX);
    }

    /// Who moves from where to where: `before` is gone at the end, `after` is there.
    pub(super) fn cast(&mut self, before: &[Shape], after: &[Shape], moves: &[Move], plane: &Element) -> Drawn {
        let places = index(moves.iter().map(|moved| &moved.key));
        let move_of = |shape: &Shape| places.get(shape.key.as_str()).map(|place| &moves[*place]);
        let mut cast = Vec::with_capacity(after.len());
        let leaving = before.iter().filter(|shape| move_of(shape).is_some_and(|moved| moved.fade == Fade::Out));
        let drawn =
            after.iter().chain(leaving).filter(|shape| shape.plane == Plane::Scrolled && shape.key != TOO_FAINT);
        for shape in drawn {
            let (from, fade) = move_of(shape).map_or((shape.at, Fade::Stays), |moved| (moved.from, moved.fade));
            let how = match self.sprite(shape, plane)? {
                Some(slot) => How::Sprite(slot),
                None => How::Drawn(shape.class, shape.inks.clone()),
            };
            cast.push(Player { how, from, to: shape.at, fade });
        }
        self.cast = cast;
        // Styles are looked up now, not in the midst of drawing.
        for index in 0..self.cast.len() {
            if let How::Drawn(class, inks) = &self.cast[index].how {
                let (class, inks) = (*class, inks.clone());
                self.look_up(class, &inks, plane)?;
            }
        }
        Ok(())
    }

    /// Draws everything that can be seen, `t` of the way.
    pub(super) fn draw(&mut self, t: f64, holder: &HtmlElement, scroll_px: f64) -> Drawn {
        let seen = self.seen(holder);
        let (width, height) = ((seen.width * self.scale).ceil(), (seen.height * self.scale).ceil());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a screen's size")]
        let (width, height) = (width as u32, height as u32);
        if self.canvas.width() != width || self.canvas.height() != height {
            self.canvas.set_width(width);
            self.canvas.set_height(height);
            let style = self.canvas.style();
            style.set_property("width", &px(seen.width))?;
            style.set_property("height", &px(seen.height))?;
            style.set_property("top", &px(seen.y))?;
        }
        let scale = self.scale;
        self.pen.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)?;
        self.pen.clear_rect(0.0, 0.0, seen.width, seen.height);
        let eased = crate::player::clock::ease(t);
        // A call into the canvas for each of a thousand adds up: the ink is told only what changes.
        let mut opacity = f64::NAN;
        for player in &self.cast {
            // On whole device pixels a sprite is copied, not resampled.
            let x = ((player.from.x + (player.to.x - player.from.x) * eased - scroll_px) * scale).round() / scale;
            let y = ((player.from.y + (player.to.y - player.from.y) * eased - seen.y) * scale).round() / scale;
            if x < -REACH || x > seen.width + REACH || y < -REACH || y > seen.height + REACH {
                continue;
            }
            let wanted = player.fade.opacity(t);
            #[expect(clippy::float_cmp, reason = "the same value again, not a nearby one")]
            if wanted != opacity {
                self.pen.set_global_alpha(wanted);
                opacity = wanted;
            }
            match &player.how {
                How::Sprite(slot) => self.stamp(*slot, x, y)?,
                How::Drawn(class, inks) => {
                    self.pen.set_transform(scale, 0.0, 0.0, scale, x * scale, y * scale)?;
                    paint(&self.pen, &self.styles, class, inks)?;
                    self.pen.set_transform(scale, 0.0, 0.0, scale, 0.0, 0.0)?;
                }
            }
        }
        Ok(())
    }

    /// The heights of the stage that the window shows, and a little more.
    pub(super) fn heights(&self, holder: &HtmlElement) -> (f64, f64) {
        let seen = self.seen(holder);
        (seen.y - REACH, seen.bottom() + REACH)
    }

    /// The part of the stage that the window shows, relative to the stage.
    fn seen(&self, holder: &HtmlElement) -> Bounds {
        let bounds = holder.get_bounding_client_rect();
        let window_height = self.window.inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(0.0);
        let top = (-bounds.top()).min(bounds.height()).max(0.0);
        let bottom = (window_height - bounds.top()).min(bounds.height()).max(top);
        Bounds { x: 0.0, y: top, width: bounds.width(), height: bottom - top }
    }

    fn stamp(&self, slot: Point, x: f64, y: f64) -> Drawn {
        let (width, height) = (SPRITE_WIDTH, SPRITE_HEIGHT);
        let (sheet_width, sheet_height) = (width * self.scale, height * self.scale);
        self.pen.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &self.sheet,
            slot.x,
            slot.y,
            sheet_width,
            sheet_height,
            x - PAD,
            y - PAD,
            width,
            height,
        )
    }

    /// A cell's place on the sheet, drawn there if it was not; `None` for what is no cell.
    fn sprite(&mut self, shape: &Shape, plane: &Element) -> Result<Option<Point>, JsValue> {
        if !shape.key.starts_with("cell/") {
            return Ok(None);
        }
        if let Some(sprite) = self.sprites.get(&shape.key)
            && sprite.class == shape.class
            && sprite.inks == shape.inks
        {
            return Ok(Some(sprite.slot));
        }
        let (width, height) = ((SPRITE_WIDTH * self.scale).ceil(), (SPRITE_HEIGHT * self.scale).ceil());
        if self.next.x + width > f64::from(SHEET_PX) {
            self.next = Slot { x: 0.0, y: self.next.y + height };
        }
        if self.next.y + height > f64::from(SHEET_PX) {
            return Ok(None);
        }
        let slot = super::shape::point(self.next.x, self.next.y);
        self.next.x += width;
        self.look_up(shape.class, &shape.inks, plane)?;
        let (x, y) = (slot.x + PAD * self.scale, slot.y + PAD * self.scale);
        self.sheet_pen.set_transform(self.scale, 0.0, 0.0, self.scale, x, y)?;
        paint(&self.sheet_pen, &self.styles, shape.class, &shape.inks)?;
        let sprite = Sprite { slot, class: shape.class, inks: shape.inks.clone() };
        self.sprites.insert(shape.key.clone(), sprite);
        Ok(Some(slot))
    }

    /// Asks the style sheet about each ink of a shape, once.
    fn look_up(&mut self, class: &'static str, inks: &[Ink], plane: &Element) -> Drawn {
        for ink in inks {
            let (tag, ink_class, text_class) = names(ink);
            let key = [class, ink_class, text_class];
            if style_of(&self.styles, &key).is_none() {
                let style = probe(&self.window, &self.document, plane, class, (tag, ink_class, text_class))?;
                self.styles.push((key, style));
            }
        }
        Ok(())
    }
}

/// The largest cell there is, with its padding.
const SPRITE_WIDTH: f64 = 58.0;
const SPRITE_HEIGHT: f64 = 50.0;
/// How far above or below its place a shape may reach.
const REACH: f64 = 120.0;

fn px(length: f64) -> String {
    format!("{}px", element::number(length))
}

fn canvas(document: &Document) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.unchecked_into();
    canvas.set_width(0);
    let pen = canvas.get_context("2d")?.ok_or(JsValue::UNDEFINED)?.unchecked_into();
    Ok((canvas, pen))
}

/// An ink's element and its two classes.
fn names(ink: &Ink) -> (&'static str, &'static str, &'static str) {
    match ink {
        Ink::Rect { class, .. } => ("rect", class, ""),
        Ink::Hatch { .. } => ("path", "hatch-line", ""),
        Ink::Path { class, .. } => ("path", class, ""),
        Ink::Text(line) => ("text", line.class, line.style.class()),
    }
}

type Names = (&'static str, &'static str, &'static str);

/// Puts an ink of this class into the hidden plane, asks for its style, and takes it away.
fn probe(
    window: &Window,
    document: &Document,
    plane: &Element,
    class: &str,
    (tag, ink_class, text_class): Names,
) -> Result<Style, JsValue> {
    const SVG: Option<&str> = Some("http://www.w3.org/2000/svg");
    let group = document.create_element_ns(SVG, "g")?;
    group.set_attribute("class", &format!("shape {class}"))?;
    let element = document.create_element_ns(SVG, tag)?;
    element.set_attribute("class", &format!("{text_class} {ink_class}"))?;
    group.append_child(&element)?;
    plane.append_child(&group)?;
    let group_style = window.get_computed_style(&group)?.ok_or(JsValue::UNDEFINED)?;
    let found = window.get_computed_style(&element)?.ok_or(JsValue::UNDEFINED)?;
    // The browser reads numbers already; "px" after them does not disturb it.
    let number = |value: String| Some(js_sys::parse_float(&value)).filter(|number| !number.is_nan());
    let of = |name: &str| found.get_property_value(name);
    let style = Style {
        fill: of("fill")?,
        fill_opacity: number(of("fill-opacity")?).unwrap_or(1.0),
        stroke: of("stroke")?,
        stroke_width: number(of("stroke-width")?).unwrap_or(1.0),
        dash: of("stroke-dasharray")?.split(',').filter_map(|part| number(part.trim().to_owned())).collect(),
        font: format!("{} {} {}", of("font-weight")?, of("font-size")?, of("font-family")?),
        opacity: number(group_style.get_property_value("opacity")?).unwrap_or(1.0),
    };
    group.remove();
    Ok(style)
}

/// By the shape's class, the ink's and the text's. There are some twenty.
type Styles = Vec<([&'static str; 3], Style)>;

fn style_of<'a>(styles: &'a Styles, names: &[&'static str; 3]) -> Option<&'a Style> {
    styles.iter().find(|(of, _)| of == names).map(|(_, style)| style)
}

/// Draws inks at the pen's place, back to front.
fn paint(pen: &CanvasRenderingContext2d, styles: &Styles, class: &'static str, inks: &[Ink]) -> Drawn {
    let alpha = pen.global_alpha();
    for ink in inks {
        let (_, ink_class, text_class) = names(ink);
        let Some(style) = style_of(styles, &[class, ink_class, text_class]) else { continue };
        match ink {
            Ink::Rect { bounds, radius, .. } => {
                pen.begin_path();
                pen.round_rect_with_f64(bounds.x, bounds.y, bounds.width, bounds.height, *radius)?;
                fill_and_stroke(pen, style, alpha, None)?;
            }
            Ink::Path { d, .. } => fill_and_stroke(pen, style, alpha, Some(&Path2d::new_with_path_string(d)?))?,
            Ink::Hatch { bounds, .. } => hatch(pen, style, *bounds),
            Ink::Text(line) => {
                pen.set_font(&style.font);
                pen.set_text_align(match line.anchor {
                    Anchor::Start => "left",
                    Anchor::Middle => "center",
                    Anchor::End => "right",
                });
                pen.set_fill_style_str(&style.fill);
                pen.set_global_alpha(alpha * style.opacity);
                pen.fill_text(&line.text, line.at.x, line.at.y)?;
            }
        }
        pen.set_global_alpha(alpha);
    }
    Ok(())
}

fn fill_and_stroke(pen: &CanvasRenderingContext2d, style: &Style, alpha: f64, path: Option<&Path2d>) -> Drawn {
    if style.fill != "none" {
        pen.set_fill_style_str(&style.fill);
        pen.set_global_alpha(alpha * style.opacity * style.fill_opacity);
        path.map_or_else(|| pen.fill(), |path| pen.fill_with_path_2d(path));
    }
    if style.stroke != "none" {
        pen.set_stroke_style_str(&style.stroke);
        pen.set_line_width(style.stroke_width);
        let dash: js_sys::Array = style.dash.iter().map(|part| JsValue::from_f64(*part)).collect();
        pen.set_line_dash(&dash)?;
        pen.set_global_alpha(alpha * style.opacity);
        path.map_or_else(|| pen.stroke(), |path| pen.stroke_with_path(path));
    }
    Ok(())
}

/// Slanted lines, clipped to a box: the SVG's pattern.
fn hatch(pen: &CanvasRenderingContext2d, style: &Style, bounds: Bounds) {
    const EVERY: f64 = 8.0 * std::f64::consts::SQRT_2;
    pen.save();
    pen.begin_path();
    pen.rect(bounds.x, bounds.y, bounds.width, bounds.height);
    pen.clip();
    pen.begin_path();
    let mut x = bounds.x;
    while x < bounds.right() + bounds.height {
        pen.move_to(x, bounds.y);
        pen.line_to(x - bounds.height, bounds.bottom());
        x += EVERY;
    }
    pen.set_stroke_style_str(&style.stroke);
    pen.set_line_width(style.stroke_width);
    pen.stroke();
    pen.restore();
}
