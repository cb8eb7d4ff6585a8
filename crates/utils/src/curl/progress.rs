//! The progress meter.

use layerlab_kernel::SimTime;

use super::options::Options;
use crate::cli::Cli;

/// The meter on standard error.
pub(crate) struct Meter {
    quiet: bool,
    tty: bool,
    on: bool,
    header: bool,
    started: SimTime,
    shown: SimTime,
}

/// A number in five characters (`max5data`).
fn five(n: u64) -> String {
    let (k, m, g) = (1u64 << 10, 1u64 << 20, 1u64 << 30);
    match n {
        0..100_000 => format!("{n:>5}"),
        _ if n < 10_000 * k => format!("{:>4}k", n / k),
        _ if n < 100 * m => format!("{:>2}.{}M", n / m, n % m / (m / 10)),
        _ if n < 10_000 * m => format!("{:>4}M", n / m),
        _ if n < 100 * g => format!("{:>2}.{}G", n / g, n % g / (g / 10)),
        _ => format!("{:>4}G", n / g),
    }
}

fn clock(seconds: u64) -> String {
    match seconds {
        0 => "--:--:--".to_owned(),
        s if s < 360_000 => format!("{:2}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60),
        s => format!("{:3}d {:02}h", s / 86_400, s / 3600 % 24),
    }
}

impl Meter {
    /// Silent where it must be.
    pub(crate) fn new(o: &Options, tty: bool) -> Self {
        let quiet = o.silent || o.no_meter;
        Self { quiet, tty, on: false, header: false, started: SimTime(0), shown: SimTime(0) }
    }

    /// A transfer begins; `to_screen`: its body goes to the terminal.
    pub(crate) async fn begin(&mut self, c: &Cli, to_stdout: bool) {
        self.on = !(self.quiet || to_stdout && self.tty);
        self.started = c.sys.now();
        if self.on && !self.header {
            self.header = true;
            let text = "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n";
            c.sys.eprint(text).await;
        }
        self.show(c, None, 0, 0, 0).await;
    }

    /// Shows where it is, once a second.
    pub(crate) async fn update(&mut self, c: &Cli, total: Option<u64>, received: u64, sent: u64) {
        if self.on && c.sys.now() - self.shown >= SimTime::secs(1) {
            let spent = (c.sys.now() - self.started).0 / 1_000_000_000;
            self.show(c, total, received, sent, spent).await;
        }
    }

    /// The last figures.
    pub(crate) async fn done(&mut self, c: &Cli, total: Option<u64>, received: u64, sent: u64) {
        let spent = (c.sys.now() - self.started).0 / 1_000_000_000;
        self.show(c, total, received, sent, spent).await;
    }

    /// The line ends.
    pub(crate) async fn end(&mut self, c: &Cli) {
        if self.on {
            self.on = false;
            c.sys.eprint("\n").await;
        }
    }

    async fn show(&mut self, c: &Cli, total: Option<u64>, received: u64, sent: u64, spent: u64) {
        if !self.on {
            return;
        }
        self.shown = c.sys.now();
        let micros = ((c.sys.now() - self.started).0 / 1000).max(1);
        let speed = |n: u64| (u128::from(n) * 1_000_000 / u128::from(micros)) as u64;
        let all = total.unwrap_or(received) + sent;
        let percent = |n: u64, of: u64| (n * 100).checked_div(of).unwrap_or(0);
        let down = percent(received, total.unwrap_or(0));
        let both = if total.is_some() || sent > 0 { percent(received + sent, all) } else { 0 };
        let estimate = match (total, received) {
            (Some(t), r) if r > 0 => (u128::from(t) * u128::from(micros) / u128::from(r) / 1_000_000) as u64,
            _ => 0,
        };
        let line = format!(
            "\r{both:3} {}  {down:3} {}  {:3} {}  {}  {} {} {} {} {}",
            five(all),
            five(received),
            if sent > 0 { 100 } else { 0 },
            five(sent),
            five(speed(received)),
            five(speed(sent)),
            clock(estimate),
            clock(spent),
            clock(estimate.saturating_sub(spent)),
            five(speed(received + sent))
        );
        c.sys.eprint(line).await;
    }
}

#[cfg(test)]
mod tests {
    use super::{clock, five};

    #[test]
    fn numbers_take_five_characters() {
        for (n, text) in
            [(0, "    0"), (99_999, "99999"), (1_000_000, " 976k"), (52_428_800, "50.0M"), (1 << 30, "1024M")]
        {
            assert_eq!(five(n), text);
        }
        assert_eq!((clock(0).as_str(), clock(61).as_str()), ("--:--:--", " 0:01:01"));
    }
}
