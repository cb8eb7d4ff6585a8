//! What stands between two panes: drag it, or move it with the arrow keys; a double click or Enter
//! gives back what the style sheet says. A first visit pays for it, so it is lean: places are whole
//! numbers (parsing and printing others is 20 KB), events and attributes go to the element directly.

use crate::web;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{DomRect, Event, HtmlElement, KeyboardEvent, PointerEvent};

/// A border between panes that can be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Border {
    /// Right of the lesson's text.
    Lesson,
    /// Below the picture.
    Picture,
    /// Right of the terminal.
    Terminal,
}

impl Border {
    /// As style sheets (`--pane-<name>`) and the browser's memory name it.
    const fn name(self) -> &'static str {
        match self {
            Self::Lesson => "lesson",
            Self::Picture => "picture",
            Self::Terminal => "terminal",
        }
    }

    /// It moves up and down.
    const fn is_horizontal(self) -> bool {
        matches!(self, Self::Picture)
    }

    /// Thousandths of the space that the first pane can have: at least, at most, and what style sheets
    /// give it on a usual screen.
    const fn range(self) -> (i32, i32, i32) {
        match self {
            Self::Lesson => (160, 600, 290),
            Self::Picture => (100, 850, 550),
            Self::Terminal => (250, 850, 640),
        }
    }

    fn clamped(self, thousandths: i32) -> i32 {
        let (least, most, _) = self.range();
        thousandths.clamp(least, most)
    }

    /// Thousandths where a pointer is, `rect` being both panes.
    fn at(self, x: f64, y: f64, rect: &DomRect) -> i32 {
        let (place, start, size) =
            if self.is_horizontal() { (y, rect.top(), rect.height()) } else { (x, rect.left(), rect.width()) };
        self.clamped(((place - start) / size.max(1.0) * 1000.0) as i32)
    }

    /// Where a key moves it.
    fn by_key(self, key: &str, now: i32) -> Option<i32> {
        let (least, most, _) = self.range();
        let to = match key {
            "ArrowLeft" | "ArrowUp" => now - 20,
            "ArrowRight" | "ArrowDown" => now + 20,
            "Home" => least,
            "End" => most,
            _ => return None,
        };
        Some(self.clamped(to))
    }
}

/// Where a border is, in thousandths; `None` is where the style sheet has it.
type Place = RwSignal<Option<i32>>;

fn key(border: Border) -> String {
    format!("pane.{}", border.name())
}

/// The place that is remembered; from now on `style/page.css` reads it.
fn place(border: Border) -> Place {
    let remembered = web::remembered(&key(border)).and_then(|text| text.parse().ok());
    let place = Place::new(remembered.map(|thousandths| border.clamped(thousandths)));
    Effect::new(move |_| {
        let root = document().document_element().map(|root| root.unchecked_into::<HtmlElement>().style());
        let Some(style) = root else { return };
        let name = format!("--pane-{}", border.name());
        // Names and values of ours are always taken.
        let _ = match place.get() {
            Some(thousandths) => style.set_property(&name, &format!("{}.{}%", thousandths / 10, thousandths % 10)),
            None => style.remove_property(&name).map(|_| ()),
        };
    });
    place
}

/// The border itself; it lies over the edge of the second pane, whose child it is.
#[component]
pub(crate) fn Splitter(border: Border, #[prop(into)] label: Signal<&'static str>) -> impl IntoView {
    let place = place(border);
    let me = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        let Some(me) = me.get() else { return };
        let me: HtmlElement = me.unchecked_into();
        let (least, most, _) = border.range();
        let orientation = if border.is_horizontal() { "horizontal" } else { "vertical" };
        set(&me, "class", &format!("splitter splitter--{orientation}"));
        set(&me, "role", "separator");
        set(&me, "tabindex", "0");
        set(&me, "aria-orientation", orientation);
        set(&me, "aria-valuemin", &(least / 10).to_string());
        set(&me, "aria-valuemax", &(most / 10).to_string());
        listen(border, place, &me);
    });
    Effect::new(move |_| {
        let Some(me) = me.get() else { return };
        let (_, _, usual) = border.range();
        set(&me, "aria-label", label.get());
        set(&me, "aria-valuenow", &(place.get().unwrap_or(usual) / 10).to_string());
    });
    view! { <div node_ref=me></div> }.into_any()
}

/// Attributes of our own elements can always be set.
fn set(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

fn listen(border: Border, place: Place, me: &HtmlElement) {
    let element = me.clone();
    let mut dragged = false;
    let hear = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let pointer = event.unchecked_ref::<PointerEvent>();
        match event.type_().as_str() {
            "pointerdown" if pointer.button() == 0 => {
                // Without it, the border stands still beyond its own edge.
                let _ = element.set_pointer_capture(pointer.pointer_id());
                dragged = true;
            }
            "pointermove" if dragged => {
                let panes = element.parent_element().and_then(|pane| pane.parent_element());
                let Some(panes) = panes else { return };
                let (x, y) = (f64::from(pointer.client_x()), f64::from(pointer.client_y()));
                place.set(Some(border.at(x, y, &panes.get_bounding_client_rect())));
            }
            "pointerup" | "pointercancel" if dragged => {
                dragged = false;
                remember(border, place);
            }
            "dblclick" => {
                place.set(None);
                remember(border, place);
            }
            "keydown" => {
                let key = event.unchecked_ref::<KeyboardEvent>().key();
                let (_, _, usual) = border.range();
                let now = place.get_untracked().unwrap_or(usual);
                let to = border.by_key(&key, now);
                if to.is_some() || key == "Enter" {
                    event.prevent_default();
                    place.set(to);
                    remember(border, place);
                }
            }
            _ => {}
        }
    });
    for name in ["pointerdown", "pointermove", "pointerup", "pointercancel", "dblclick", "keydown"] {
        // Only a wrong kind of listener is refused.
        let _ = me.add_event_listener_with_callback(name, hear.as_ref().unchecked_ref());
    }
    // The panes live as long as the page.
    hear.forget();
}

fn remember(border: Border, place: Place) {
    let text = place.get_untracked().map(|thousandths| thousandths.to_string()).unwrap_or_default();
    web::remember(&key(border), &text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_moves_a_border_within_its_range() {
        assert_eq!(Border::Lesson.by_key("ArrowRight", 290), Some(310));
        assert_eq!(Border::Lesson.by_key("ArrowLeft", 170), Some(160));
        assert_eq!(Border::Picture.by_key("End", 550), Some(850));
        assert_eq!(Border::Terminal.by_key("x", 580), None);
    }
}
