//! What stands between two panes: drag it, or move it with the arrow keys; a double click or Enter
//! gives back what the style sheet says.

use crate::web;
use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html,
    prelude::*,
};
use web_sys::DomRect;

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
    pub(crate) const ALL: [Self; 3] = [Self::Lesson, Self::Picture, Self::Terminal];

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

    /// Percent of the space that the first pane can have: at least, at most, and what style sheets
    /// give it on a usual screen.
    const fn range(self) -> (f64, f64, f64) {
        match self {
            Self::Lesson => (16.0, 60.0, 29.0),
            Self::Picture => (10.0, 85.0, 55.0),
            Self::Terminal => (25.0, 85.0, 58.0),
        }
    }

    fn clamped(self, percent: f64) -> f64 {
        let (least, most, _) = self.range();
        percent.clamp(least, most)
    }

    /// Percent where a pointer is, `rect` being both panes.
    fn at(self, x: f64, y: f64, rect: &DomRect) -> f64 {
        let (place, start, size) =
            if self.is_horizontal() { (y, rect.top(), rect.height()) } else { (x, rect.left(), rect.width()) };
        self.clamped((place - start) / size.max(1.0) * 100.0)
    }

    /// Where a key moves it.
    fn by_key(self, key: &str, now: f64) -> Option<f64> {
        let (least, most, _) = self.range();
        let to = match key {
            "ArrowLeft" | "ArrowUp" => now - 2.0,
            "ArrowRight" | "ArrowDown" => now + 2.0,
            "Home" => least,
            "End" => most,
            _ => return None,
        };
        Some(self.clamped(to))
    }
}

/// Where the borders are, in percent; `None` is where the style sheet has it.
#[derive(Clone, Copy)]
pub(crate) struct Borders([RwSignal<Option<f64>>; 3]);

impl Borders {
    /// As they were left.
    pub(crate) fn load() -> Self {
        Self(Border::ALL.map(|border| {
            let percent = web::remembered(&format!("pane.{}", border.name()));
            let percent = percent.and_then(|text| text.parse().ok()).filter(|percent: &f64| percent.is_finite());
            RwSignal::new(percent.map(|percent| border.clamped(percent)))
        }))
    }

    fn of(self, border: Border) -> RwSignal<Option<f64>> {
        let [lesson, picture, terminal] = self.0;
        match border {
            Border::Lesson => lesson,
            Border::Picture => picture,
            Border::Terminal => terminal,
        }
    }

    /// The custom properties that `style/page.css` reads.
    pub(crate) fn style(self) -> String {
        let set = Border::ALL.into_iter().filter_map(|border| {
            self.of(border).get().map(|percent| format!("--pane-{}: {percent:.2}%;", border.name()))
        });
        set.collect()
    }
}

/// The border itself; it lies over the edge of the second pane, whose child it is.
#[component]
pub(crate) fn Splitter(border: Border, #[prop(into)] label: Signal<&'static str>) -> impl IntoView {
    let place = expect_context::<Borders>().of(border);
    let me = NodeRef::<html::Div>::new();
    let dragged = RwSignal::new(false);
    let (least, most, usual) = border.range();
    let now = move || place.get().unwrap_or(usual);
    let remember = move || {
        let text = place.get_untracked().map(|percent| format!("{percent:.2}")).unwrap_or_default();
        web::remember(&format!("pane.{}", border.name()), &text);
    };
    let reset = move || {
        place.set(None);
        remember();
    };
    let on_down = move |event: PointerEvent| {
        if let (0, Some(me)) = (event.button(), me.get_untracked()) {
            // Without it, the border stands still beyond its own edge.
            let _ = me.set_pointer_capture(event.pointer_id());
            dragged.set(true);
        }
    };
    let on_move = move |event: PointerEvent| {
        let Some(me) = me.get_untracked().filter(|_| dragged.get_untracked()) else { return };
        let panes = me.parent_element().and_then(|pane| pane.parent_element());
        if let Some(panes) = panes {
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            place.set(Some(border.at(x, y, &panes.get_bounding_client_rect())));
        }
    };
    let on_up = move |_: PointerEvent| {
        if dragged.get_untracked() {
            dragged.set(false);
            remember();
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            return reset();
        }
        if let Some(to) = border.by_key(&event.key(), place.get_untracked().unwrap_or(usual)) {
            event.prevent_default();
            place.set(Some(to));
            remember();
        }
    };
    let orientation = if border.is_horizontal() { "horizontal" } else { "vertical" };
    view! {
        <div
            class=format!("splitter splitter--{orientation}")
            class:splitter--dragged=dragged
            role="separator"
            tabindex="0"
            aria-orientation=orientation
            aria-label=label
            aria-valuemin=least
            aria-valuemax=most
            aria-valuenow=move || now().round()
            node_ref=me
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:dblclick=move |_| reset()
            on:keydown=on_key
        ></div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_moves_a_border_within_its_range() {
        assert_eq!(Border::Lesson.by_key("ArrowRight", 29.0), Some(31.0));
        assert_eq!(Border::Lesson.by_key("ArrowLeft", 17.0), Some(16.0));
        assert_eq!(Border::Picture.by_key("End", 55.0), Some(85.0));
        assert_eq!(Border::Terminal.by_key("x", 58.0), None);
    }
}
