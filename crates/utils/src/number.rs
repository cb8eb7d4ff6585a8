//! Floating-point numbers as C's `printf` writes them.

/// `%f`, `%e`, `%g` of a number that is not negative.
pub(crate) fn float(v: f64, conversion: char, precision: Option<usize>, keep: bool) -> String {
    if v.is_infinite() {
        return if conversion.is_uppercase() { "INF" } else { "inf" }.to_owned();
    }
    if v.is_nan() {
        return if conversion.is_uppercase() { "NAN" } else { "nan" }.to_owned();
    }
    let p = precision.unwrap_or(6);
    let text = match conversion.to_ascii_lowercase() {
        'f' => format!("{v:.p$}"),
        'e' => exponent(v, p),
        _ => {
            let p = p.max(1);
            let e = exponent(v, p - 1);
            let x: i32 = e.rsplit_once('e').and_then(|(_, x)| x.parse().ok()).unwrap_or(0);
            let trim = |t: &str| {
                if keep || !t.contains('.') {
                    t.to_owned()
                } else {
                    t.trim_end_matches('0').trim_end_matches('.').to_owned()
                }
            };
            if x < -4 || x >= p as i32 {
                let (m, x) = e.split_once('e').unwrap_or((&e, "+00"));
                format!("{}e{x}", trim(m))
            } else {
                let places = (p as i32 - 1 - x).max(0) as usize;
                trim(&format!("{v:.places$}"))
            }
        }
    };
    if conversion.is_uppercase() { text.to_uppercase() } else { text }
}

fn exponent(v: f64, p: usize) -> String {
    let t = format!("{v:.p$e}");
    let (m, x) = t.split_once('e').unwrap_or((&t, "0"));
    let x: i32 = x.parse().unwrap_or(0);
    format!("{m}e{}{:02}", if x < 0 { '-' } else { '+' }, x.abs())
}
