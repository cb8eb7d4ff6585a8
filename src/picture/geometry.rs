//! Rectangles and text widths: what the layout computes with. No browser is asked, so that the
//! same picture comes out in tests.

/// Upper left corner and size, in units of the picture (about CSS pixels).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

impl Rect {
    pub(crate) const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    pub(crate) const fn right(self) -> f64 {
        self.x + self.w
    }

    pub(crate) const fn bottom(self) -> f64 {
        self.y + self.h
    }

    pub(crate) const fn middle(self) -> f64 {
        self.x + self.w / 2.0
    }

    /// Whether the two share an area, lines of contact not counted.
    #[cfg(test)]
    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Whether `other` lies wholly within.
    #[cfg(test)]
    pub(crate) fn holds(self, other: Self) -> bool {
        self.x <= other.x && self.y <= other.y && other.right() <= self.right() && other.bottom() <= self.bottom()
    }
}

/// Estimated width of `text` in the text font at `size`. Inter's widths, in groups; a little more
/// rather than less, so that what is said to fit does fit.
pub(crate) fn text_width(text: &str, size: f64) -> f64 {
    let em: f64 = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 0.29,
            'f' | 'r' | 't' | ' ' | '/' | '(' | ')' | '[' | ']' | '-' => 0.38,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.9,
            'A'..='Z' => 0.7,
            '0'..='9' => 0.64,
            _ => 0.59,
        })
        .sum();
    em * size
}

/// Width of `text` in the code font at `size`.
pub(crate) fn code_width(text: &str, size: f64) -> f64 {
    text.chars().count() as f64 * 0.6 * size
}

/// `text`, cut with an ellipsis where it would be wider than `width` by `measure`.
pub(crate) fn clip(text: &str, width: f64, measure: impl Fn(&str) -> f64) -> String {
    if measure(text) <= width {
        return text.to_owned();
    }
    let mut cut: Vec<char> = text.chars().collect();
    while !cut.is_empty() {
        cut.pop();
        let shorter: String = cut.iter().collect::<String>().trim_end().to_owned() + "…";
        if measure(&shorter) <= width {
            return shorter;
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_whole() {
        assert_eq!(clip("COPY . .", 100.0, |t| code_width(t, 10.0)), "COPY . .");
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis_and_fits_then() {
        let cut = clip("RUN pip install --no-cache-dir", 90.0, |t| code_width(t, 10.0));
        assert_eq!(cut, "RUN pip instal…");
        assert!(code_width(&cut, 10.0) <= 90.0);
    }

    #[test]
    fn no_room_gives_nothing() {
        assert_eq!(clip("abc", 1.0, |t| code_width(t, 10.0)), "");
    }
}
