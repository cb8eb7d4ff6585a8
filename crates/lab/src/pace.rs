//! How virtual time follows real time. A setting of the view: the world cannot see it.

use layerlab_kernel::SimTime;
use layerlab_protocol::Speed;

/// How far virtual time may go for so much real time.
///
/// While a command runs in the foreground its waits can be shortened; at a prompt time goes as on a
/// real machine, so that servers in the background do not run away.
pub fn advance(speed: Speed, busy: bool, real: SimTime) -> SimTime {
    // After a pause (a hidden page, a slow machine) time lags; it is not made up for.
    let real = real.0.min(250_000_000);
    let factor = match (speed, busy) {
        (Speed::Paused, _) => 0,
        (Speed::Slow, true) => return SimTime(real / 4),
        (Speed::Real, _) | (_, false) => 1,
        (Speed::Fast, true) => 8,
        (Speed::Instant, true) => 200,
    };
    SimTime(real * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_foreground_command_is_hurried() {
        let ms = SimTime::millis(10);
        assert_eq!(advance(Speed::Fast, true, ms), SimTime::millis(80));
        assert_eq!(advance(Speed::Fast, false, ms), ms);
        assert_eq!(advance(Speed::Slow, false, ms), ms);
        assert_eq!(advance(Speed::Paused, true, ms), SimTime(0));
        assert_eq!(advance(Speed::Real, true, SimTime::secs(60)), SimTime::millis(250));
    }
}
