//! `sleep`: lets time pass.

use layerlab_kernel::SimTime;

use crate::cli::{Cli, Run, Spec, quote};

const SPEC: Spec = Spec::new("NUMBER[SUFFIX]...", "Pause for NUMBER seconds; SUFFIX may be s, m, h or d.", "");

/// `1.5`, `2m`, `1h`, `1d`, `infinity` as a duration.
pub(crate) fn duration(text: &str) -> Option<SimTime> {
    if matches!(text, "infinity" | "inf") {
        return Some(SimTime::secs(1 << 33));
    }
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h', 'd']) {
        Some(n) => (n, text.chars().next_back().unwrap_or('s')),
        None => (text, 's'),
    };
    let n: f64 = number.parse().ok().filter(|n: &f64| *n >= 0.0 && n.is_finite())?;
    let factor = match unit {
        'm' => 60.0,
        'h' => 3600.0,
        'd' => 86_400.0,
        _ => 1.0,
    };
    Some(SimTime((n * factor * 1e9).min(8.5e18) as u64))
}

/// Runs it.
pub(crate) async fn main(c: &mut Cli) -> Run<()> {
    let p = c.parse(&SPEC).await?;
    c.need(&p.operands, 1).await?;
    let mut total = SimTime(0);
    let mut wrong = false;
    for text in &p.operands {
        match duration(text) {
            Some(d) => total += d,
            None => {
                wrong = true;
                c.warn(format!("invalid time interval {}", quote::word(text))).await;
            }
        }
    }
    if wrong {
        if c.variant != "busybox" {
            c.sys.eprint(format!("Try '{} --help' for more information.\n", c.name)).await;
        }
        return Err(crate::cli::Stop::Code(1));
    }
    let _ = c.sys.sleep(total).await;
    Ok(())
}
