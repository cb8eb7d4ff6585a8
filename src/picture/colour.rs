//! A layer's colour is its identity: it comes from the digest and from nothing else.

/// What tells layers apart: equal for equal digests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LayerColour {
    /// Degrees: the first two bytes of the digest.
    pub(crate) hue: u16,
    /// Percent points to add to the theme's lightness, −5 to 5: the third byte.
    pub(crate) lightness: i8,
    /// Where the notch at the bar's edge sits, 0 to 3 from top to bottom: the fourth byte.
    pub(crate) notch: u8,
}

/// The colour of a digest (`sha256:` and hexadecimal digits).
pub(crate) fn colour_of(digest: &str) -> LayerColour {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    let byte =
        |at: usize| hex.get(at * 2..at * 2 + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or_default();
    let first = u32::from(byte(0)) * 256 + u32::from(byte(1));
    LayerColour {
        hue: (first * 360 / 65536) as u16,
        lightness: (i16::from(byte(2)) * 10 / 255) as i8 - 5,
        notch: byte(3) / 64,
    }
}

impl LayerColour {
    /// As a CSS colour of the theme in force.
    pub(crate) fn css(self) -> String {
        format!("oklch(calc(var(--layer-l) + {}%) var(--layer-c) {})", self.lightness, self.hue)
    }
}

/// The twelve digits by which people name a digest.
pub(crate) fn short(digest: &str) -> &str {
    let hex = digest.split_once(':').map_or(digest, |(_, hex)| hex);
    hex.get(..12).unwrap_or(hex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hue_is_the_first_two_bytes_of_a_full_circle() {
        assert_eq!(colour_of("sha256:0000ff").hue, 0);
        assert_eq!(colour_of("sha256:800000").hue, 180);
        assert_eq!(colour_of("sha256:ffff00").hue, 359);
    }

    #[test]
    fn later_bytes_tell_equal_hues_apart() {
        let (one, two) = (colour_of("sha256:12340000"), colour_of("sha256:1234ffff"));
        assert_eq!(one.hue, two.hue);
        assert_eq!((one.lightness, one.notch), (-5, 0));
        assert_eq!((two.lightness, two.notch), (5, 3));
    }

    #[test]
    fn nonsense_has_a_colour_too() {
        assert_eq!(colour_of("é"), colour_of(""));
    }
}
