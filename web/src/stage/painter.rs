//! Writes shapes into the document's SVG: by key, only what differs, and a place without any string.

use std::cell::Cell;
use std::collections::HashMap;
use std::mem;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, SvgElement, SvgGraphicsElement, SvgTransform, SvgsvgElement};

use super::by_key::index;
use super::element;
use super::layers::answer;
use super::layout::Layout;
use super::shape::{Plane, Point, Shape};
use super::subject::Subject;

const SVG: &str = "http://www.w3.org/2000/svg";

/// A shape as it stands in the document.
struct Node {
    group: SvgElement,
    /// The group's translation; writing it needs neither text nor parsing.
    place: SvgTransform,
    /// As it was written last: the browser lays out again what is written to, also where it is the same.
    at: Cell<(f32, f32)>,
    shape: Shape,
    opacity: f64,
    /// As its class says.
    is_selected: bool,
}

/// The two planes of a stage in the document.
pub(super) struct Painter {
    document: Document,
    /// Holds the scrolled plane; its `scrollLeft` is the stage's scroll.
    pub(super) scroller: HtmlElement,
    pub(super) scrolled: SvgsvgElement,
    fixed: SvgsvgElement,
    nodes: HashMap<String, Node>,
    /// The keys of each plane's groups, as they stand in the document, which is not asked: that is dear.
    order: [Vec<String>; 2],
    hatch_id: String,
    /// The one thing that the Tab key reaches.
    stop: Option<String>,
    selected: Option<Subject>,
}

/// What the document refused; there is nothing to be done about it but not to draw.
type Written = Result<(), JsValue>;

impl Painter {
    /// Empties `canvas` and puts both planes into it. `id` tells the stages of a page apart.
    pub(super) fn new(canvas: &HtmlElement, id: u32) -> Result<Self, JsValue> {
        let document = canvas.owner_document().ok_or_else(|| JsValue::from_str("a canvas outside of a document"))?;
        canvas.set_text_content(None);
        let scroller: HtmlElement = document.create_element("div")?.unchecked_into();
        scroller.set_class_name("stage-scroll");
        let hatch_id = format!("hatch-of-{id}");
        let scrolled = plane(&document, "stage-svg scrolled")?;
        let fixed = plane(&document, "stage-svg fixed")?;
        let hatching = hatching(&document, &hatch_id)?;
        scrolled.append_child(&hatching)?;
        scroller.append_child(&scrolled)?;
        canvas.append_child(&scroller)?;
        canvas.append_child(&fixed)?;
        let nodes = HashMap::new();
        let order = [Vec::new(), Vec::new()];
        Ok(Painter { document, scroller, scrolled, fixed, nodes, order, hatch_id, stop: None, selected: None })
    }

    /// Sets the planes' sizes.
    pub(super) fn resize(&self, layout: &Layout) -> Written {
        let height = element::number(layout.height_px);
        for (plane, width) in [(&self.scrolled, layout.content_width_px), (&self.fixed, layout.width_px)] {
            plane.set_attribute("width", &element::number(width))?;
            plane.set_attribute("height", &height)?;
        }
        Ok(())
    }

    /// Makes what is missing, in order. What is no longer wanted stays until [`Painter::forget_others`].
    pub(super) fn add(&mut self, shapes: &[Shape]) -> Written {
        self.add_to(Plane::Scrolled, shapes)?;
        self.add_to(Plane::Fixed, shapes)
    }

    fn add_to(&mut self, plane: Plane, shapes: &[Shape]) -> Written {
        let on_plane = || shapes.iter().filter(|shape| shape.plane == plane);
        let wanted = index(on_plane().map(|shape| &shape.key));
        let mut order = Vec::with_capacity(wanted.len());
        let mut stood = mem::take(&mut self.order[plane as usize]).into_iter().peekable();
        // Keys that have been put further to the front than where they stood.
        let mut moved: Vec<String> = Vec::new();
        for shape in on_plane() {
            while let Some(other) = stood.next_if(|key| !wanted.contains_key(key.as_str()) || moved.contains(key)) {
                if !moved.contains(&other) {
                    order.push(other);
                }
            }
            if let Some(same) = stood.next_if(|key| *key == shape.key) {
                order.push(same);
                continue;
            }
            let next = stood.peek().and_then(|key| self.nodes.get(key)).map(|node| node.group.clone());
            if self.nodes.contains_key(&shape.key) {
                moved.push(shape.key.clone());
            }
            let group = self.group_of(shape)?;
            let element = if plane == Plane::Scrolled { &self.scrolled } else { &self.fixed };
            element.insert_before(&group, next.as_ref().map(AsRef::as_ref))?;
            order.push(shape.key.clone());
        }
        order.extend(stood.filter(|key| !moved.contains(key)));
        self.order[plane as usize] = order;
        Ok(())
    }

    /// The group of a shape, made if it is not on its plane yet.
    fn group_of(&mut self, shape: &Shape) -> Result<SvgElement, JsValue> {
        if let Some(node) = self.nodes.get(&shape.key).filter(|node| node.shape.plane == shape.plane) {
            return Ok(node.group.clone());
        }
        let plane = if shape.plane == Plane::Scrolled { &self.scrolled } else { &self.fixed };
        let node = make(&self.document, plane, shape, &self.hatch_id)?;
        let group = node.group.clone();
        if let Some(old) = self.nodes.insert(shape.key.clone(), node) {
            old.group.remove();
            self.order[old.shape.plane as usize].retain(|key| *key != shape.key);
        }
        Ok(group)
    }

    /// Gives every shape its form and what is said of it; places are written by [`Painter::place`].
    pub(super) fn form(&mut self, shapes: &[Shape]) -> Written {
        for shape in shapes {
            let Some(node) = self.nodes.get_mut(&shape.key).filter(|node| node.shape != *shape) else { continue };
            let same = node.shape.class == shape.class && node.shape.inks == shape.inks;
            if !same || node.shape.target != shape.target {
                fill(&self.document, &node.group, shape, &self.hatch_id)?;
                node.is_selected = false;
                if self.stop.as_deref() == Some(shape.key.as_str()) {
                    node.group.set_attribute("tabindex", "0")?;
                }
            }
            node.shape.clone_from(shape);
        }
        self.mark_selected()
    }

    /// Puts a shape at a place.
    pub(super) fn place(&self, key: &str, at: Point) -> Written {
        let Some(node) = self.nodes.get(key) else { return Ok(()) };
        #[expect(clippy::cast_possible_truncation, reason = "SVG's numbers are single floats")]
        let at = (at.x as f32, at.y as f32);
        if node.at.replace(at) == at {
            return Ok(());
        }
        node.place.set_translate(at.0, at.1)
    }

    pub(super) fn fade(&mut self, key: &str, opacity: f64) -> Written {
        let Some(node) = self.nodes.get_mut(key) else { return Ok(()) };
        if (node.opacity - opacity).abs() < 0.01 && opacity < 1.0 {
            return Ok(());
        }
        if opacity >= 1.0 {
            if node.opacity < 1.0 {
                node.group.remove_attribute("opacity")?;
            }
        } else {
            node.group.set_attribute("opacity", &element::number(opacity))?;
        }
        node.opacity = opacity;
        Ok(())
    }

    /// Takes away what is not among these shapes.
    pub(super) fn forget_others(&mut self, shapes: &[Shape]) {
        let wanted = index(shapes.iter().map(|shape| &shape.key));
        self.keep(|key, _| wanted.contains_key(key));
    }

    /// Brings the fixed plane up to date, and leaves the scrolled one as it is.
    pub(super) fn renew_fixed(&mut self, shapes: &[Shape]) -> Written {
        let fixed: Vec<Shape> = shapes.iter().filter(|shape| shape.plane == Plane::Fixed).cloned().collect();
        self.add(&fixed)?;
        let wanted = index(fixed.iter().map(|shape| &shape.key));
        self.keep(|key, plane| plane == Plane::Scrolled || wanted.contains_key(key));
        self.form(&fixed)?;
        fixed.iter().try_for_each(|shape| self.place(&shape.key, shape.at))
    }

    /// Takes away what does not stay.
    fn keep(&mut self, stays: impl Fn(&str, Plane) -> bool) {
        let count = self.nodes.len();
        self.nodes.retain(|key, node| {
            let stays = stays(key, node.shape.plane);
            if !stays {
                node.group.remove();
            }
            stays
        });
        if self.nodes.len() < count {
            let Painter { order, nodes, .. } = self;
            order.iter_mut().for_each(|order| order.retain(|key| nodes.contains_key(key)));
        }
    }

    /// The shape of a key, as it was last given its form.
    pub(super) fn shape(&self, key: &str) -> Option<&Shape> {
        self.nodes.get(key).map(|node| &node.shape)
    }

    /// The group of a key, to be focused or captured.
    pub(super) fn group(&self, key: &str) -> Option<&SvgElement> {
        self.nodes.get(key).map(|node| &node.group)
    }

    /// Makes one shape the only one that Tab reaches.
    pub(super) fn set_stop(&mut self, key: Option<String>) -> Written {
        if self.stop == key {
            return Ok(());
        }
        if let Some(node) = self.stop.as_ref().and_then(|key| self.nodes.get(key)) {
            node.group.set_attribute("tabindex", "-1")?;
        }
        if let Some(node) = key.as_ref().and_then(|key| self.nodes.get(key)) {
            node.group.set_attribute("tabindex", "0")?;
        }
        self.stop = key;
        Ok(())
    }

    pub(super) fn stop(&self) -> Option<&str> {
        self.stop.as_deref()
    }

    pub(super) fn select(&mut self, subject: Option<Subject>) -> Written {
        self.selected = subject;
        self.mark_selected()
    }

    fn mark_selected(&mut self) -> Written {
        for node in self.nodes.values_mut() {
            let Some(target) = &node.shape.target else { continue };
            let is_selected = self.selected.as_ref() == Some(&target.subject);
            if node.is_selected != is_selected {
                node.group.class_list().toggle_with_force("is-selected", is_selected)?;
                node.is_selected = is_selected;
            }
        }
        Ok(())
    }
}

fn plane(document: &Document, class: &str) -> Result<SvgsvgElement, JsValue> {
    let svg: SvgsvgElement = document.create_element_ns(Some(SVG), "svg")?.unchecked_into();
    svg.set_attribute("class", class)?;
    Ok(svg)
}

fn hatching(document: &Document, id: &str) -> Result<Element, JsValue> {
    let defs = document.create_element_ns(Some(SVG), "defs")?;
    let pattern = document.create_element_ns(Some(SVG), "pattern")?;
    for (name, value) in [
        ("id", id),
        ("patternUnits", "userSpaceOnUse"),
        ("width", "8"),
        ("height", "8"),
        ("patternTransform", "rotate(45)"),
    ] {
        pattern.set_attribute(name, value)?;
    }
    let line = document.create_element_ns(Some(SVG), "path")?;
    line.set_attribute("class", "hatch-line")?;
    line.set_attribute("d", "M1.5 0V8")?;
    pattern.append_child(&line)?;
    defs.append_child(&pattern)?;
    Ok(defs)
}

fn make(document: &Document, plane: &SvgsvgElement, shape: &Shape, hatch_id: &str) -> Result<Node, JsValue> {
    let group: SvgElement = document.create_element_ns(Some(SVG), "g")?.unchecked_into();
    group.set_attribute("data-key", &shape.key)?;
    fill(document, &group, shape, hatch_id)?;
    let transforms = group.unchecked_ref::<SvgGraphicsElement>().transform().base_val();
    let place = transforms.initialize(&plane.create_svg_transform())?;
    #[expect(clippy::cast_possible_truncation, reason = "SVG's numbers are single floats")]
    let (x, y) = (shape.at.x as f32, shape.at.y as f32);
    place.set_translate(x, y)?;
    Ok(Node { group, place, at: Cell::new((x, y)), shape: shape.clone(), opacity: 1.0, is_selected: false })
}

/// Writes everything of a shape but its place.
fn fill(document: &Document, group: &SvgElement, shape: &Shape, hatch_id: &str) -> Written {
    group.set_text_content(None);
    group.set_attribute("class", &format!("shape {}", shape.class))?;
    if let Some(target) = &shape.target {
        let (role, tabindex) = if shape.key == answer::KEY { ("slider", "0") } else { ("button", "-1") };
        group.set_attribute("role", role)?;
        group.set_attribute("tabindex", tabindex)?;
        group.set_attribute("aria-label", &element::spoken(shape, &target.label))?;
    } else {
        group.set_attribute("aria-hidden", "true")?;
    }
    for part in element::inside(shape, hatch_id) {
        let element = document.create_element_ns(Some(SVG), part.tag)?;
        for (name, value) in &part.attributes {
            element.set_attribute(name, value)?;
        }
        if let Some(text) = &part.text {
            element.set_text_content(Some(text));
        }
        group.append_child(&element)?;
    }
    Ok(())
}
