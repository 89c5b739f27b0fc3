//! Percentiles, memory, and the machine's own clock for measuring.

use std::time::Duration;

/// The value below which this share of the durations lies, in milliseconds.
pub(crate) fn percentile_ms(durations: &mut [Duration], share: f64) -> f64 {
    durations.sort_unstable();
    let last = durations.len().saturating_sub(1);
    #[expect(clippy::as_conversions, reason = "an index from a share: between 0 and the length")]
    let at = (last as f64 * share).round() as usize;
    durations.get(at).map_or(0.0, |d| rounded(d.as_secs_f64() * 1_000.0))
}

/// Three digits behind the point.
pub(crate) fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// How often per second.
pub(crate) fn rate(n: usize, time: Duration) -> f64 {
    #[expect(clippy::as_conversions, reason = "counts far below 2^52")]
    let n = n as f64;
    rounded(n / time.as_secs_f64())
}

/// The resident memory of a process in MiB (Linux).
pub(crate) fn rss_mb(pid: u32) -> Option<f64> {
    memory_mb(pid, "VmRSS:")
}

/// The most resident memory that a process had so far, in MiB (Linux).
pub(crate) fn rss_peak_mb(pid: u32) -> Option<f64> {
    memory_mb(pid, "VmHWM:")
}

fn memory_mb(pid: u32, what: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|l| l.starts_with(what))?;
    let kb: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(rounded(kb / 1_024.0))
}

/// The middle one.
pub(crate) fn median(rates: &[f64]) -> f64 {
    let mut rates = rates.to_vec();
    rates.sort_unstable_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

/// The processor time of this process so far; see [`cpu_s_of`].
pub(crate) fn cpu_s() -> Option<f64> {
    cpu_s_of(std::process::id())
}

/// The processor time of a process so far, in seconds (Linux, clock ticks of 1/100 s).
pub(crate) fn cpu_s_of(pid: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after = stat.rsplit(')').next()?;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let user: f64 = fields.get(11)?.parse().ok()?;
    let system: f64 = fields.get(12)?.parse().ok()?;
    Some((user + system) / 100.0)
}
