//! A clock that shows the time it was set to, so that the past can be acted in order.

use gemba_app::ports::Clock;
use jiff::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};

#[derive(Debug)]
pub(crate) struct SetClock {
    us: AtomicI64,
}

impl SetClock {
    pub(crate) fn at(time: Timestamp) -> Self {
        Self { us: AtomicI64::new(time.as_microsecond()) }
    }

    /// Moves on to this time; never back, as no log may run backwards.
    pub(crate) fn reach(&self, time: Timestamp) {
        self.us.fetch_max(time.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        // What came from a timestamp is in range.
        Timestamp::from_microsecond(self.us.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_never_goes_back() {
        let early = Timestamp::from_second(1_000).unwrap();
        let clock = SetClock::at(early);
        let late = Timestamp::from_second(2_000).unwrap();
        clock.reach(late);
        clock.reach(early);
        assert_eq!(clock.now(), late);
    }
}
