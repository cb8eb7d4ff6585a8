//! How docker writes things: tables, sizes, ages, ports, Go templates. Pure functions.

pub mod duration;
pub mod go;
pub mod image_view;
pub mod json;
pub mod ports;
pub mod row;
pub mod size;
pub mod table;
pub mod template;
pub mod time;
pub mod truncate;
pub mod typed;
pub mod value;

pub use go::quote;

/// The order of names that people expect: `data9` before `data10` (fvbommel/sortorder `NaturalLess`).
pub(crate) fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    use std::cmp::Ordering;
    let (mut x, mut y) = (a, b);
    let digits = |t: &str| t.bytes().take_while(u8::is_ascii_digit).count();
    loop {
        match (digits(x), digits(y)) {
            (0, _) | (_, 0) => {
                let (Some(p), Some(q)) = (x.chars().next(), y.chars().next()) else {
                    return x.len().cmp(&y.len()).then_with(|| a.cmp(b));
                };
                if p != q {
                    return p.cmp(&q);
                }
                (x, y) = (x.get(p.len_utf8()..).unwrap_or(""), y.get(q.len_utf8()..).unwrap_or(""));
            }
            (m, n) => {
                let (p, q) = (x.get(..m).unwrap_or(""), y.get(..n).unwrap_or(""));
                let bare = |t: &str| t.trim_start_matches('0').to_owned();
                let (p, q) = (bare(p), bare(q));
                match p.len().cmp(&q.len()).then_with(|| p.cmp(&q)) {
                    Ordering::Equal => {}
                    other => return other,
                }
                (x, y) = (x.get(m..).unwrap_or(""), y.get(n..).unwrap_or(""));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_in_names_count() {
        let mut names = ["data10", "b", "data9", "data09x", "a1b"];
        names.sort_by(|a, b| super::natural(a, b));
        assert_eq!(names, ["a1b", "b", "data9", "data09x", "data10"]);
    }
}
