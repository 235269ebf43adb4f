//! What a time is if it isn't in Unix seconds, and how far away it is.

use super::choice::{Departure, Side, show};

/// A date in UTC.
pub fn date(seconds: u64) -> String {
    // Howard Hinnant's days_from_civil, the other way around.
    let days = seconds / DAY + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let [hour, minute, second] = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60];
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC")
}

const DAY: u64 = 86_400;
const YEAR: u64 = 365 * DAY;

/// How long so many seconds are.
pub fn length(seconds: u64) -> String {
    let [days, hours, minutes] = [seconds / DAY, seconds / 3600 % 24, seconds / 60 % 60];
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, _, _) => format!("{hours} h {minutes} min"),
        (1, ..) => format!("1 day {hours} h"),
        _ if seconds < 2 * YEAR => format!("{days} days {hours} h"),
        _ => format!("{} years", seconds / YEAR),
    }
}

/// What is wrong with the time in this parameter, whatever the signature; nothing if it is in
/// Unix seconds, which may have passed.
pub fn mistake(name: &str, value: &[u8], now: u64) -> Option<Departure> {
    let text = show(value);
    let text = text.trim();
    let (cause, change) = match text.parse::<u64>() {
        Ok(number) if text.bytes().all(|byte| byte.is_ascii_digit()) => of_number(text, number, now)?,
        _ => of_text(text, now)?,
    };
    let shown = show(&value[..value.len().min(60)]);
    let cause = match text.is_empty() {
        true => format!("`{name}` {cause}"),
        false => format!("`{name}` is `{shown}`, which {cause}"),
    };
    Some(Departure::new(cause, Side::Signer, change))
}

const CHANGE: &str =
    "write the time as a whole number of seconds since 1970, in digits only, as in PHP's time() + 300";

type Mistake = (String, &'static str);

fn of_number(text: &str, number: u64, now: u64) -> Option<Mistake> {
    let is = |what: &str| Some((what.to_owned(), CHANGE));
    let is_near = |seconds: u64| seconds.abs_diff(now) < 150 * YEAR;
    let digits = text.trim_start_matches('0').len();
    if is_date_in_digits(text) && matches!(digits, 8 | 12 | 14) {
        return is("is a date in digits, not a number of seconds");
    }
    // They come before nanoseconds, which have 19 digits since 2001.
    let is_since = |epoch: u64| (number / 10_000_000).checked_sub(epoch).is_some_and(is_near);
    if digits == 18 && is_since(11_644_473_600) {
        return is("is a Windows time (FILETIME, since 1601), not a Unix time");
    }
    if digits == 18 && is_since(62_135_596_800) {
        return is("is in .NET ticks (since the year 1), not in seconds since 1970");
    }
    let per_second = [
        ("milliseconds", 1000, "divide the time by 1000 to get seconds, as in Math.floor(Date.now() / 1000)"),
        ("microseconds", 1_000_000, "divide the time by 1000000 to get seconds"),
        ("nanoseconds", 1_000_000_000, "divide the time by 1000000000 to get seconds"),
    ];
    for (unit, divisor, change) in per_second {
        if number > 100_000_000_000 && is_near(number / divisor) {
            let cause = format!("is in {unit}, not in seconds ({} is meant)", date(number / divisor));
            return Some((cause, change));
        }
    }
    if (1..10 * YEAR).contains(&number) {
        let cause = format!("is a lifetime ({}), not a time", length(number));
        return Some((cause, "add it to the current time, as in PHP's time() + 300"));
    }
    if number.saturating_add(978_307_200).abs_diff(now) < 2 * YEAR {
        return is("is in seconds since 2001 (Apple's reference date), not since 1970");
    }
    None
}

/// Year, month and day, perhaps with hours, minutes and seconds.
fn is_date_in_digits(text: &str) -> bool {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let is_in = |part: Option<u32>, from: u32, to: u32| part.is_some_and(|part| (from..=to).contains(&part));
    let is_day = is_in(part(0, 4), 1970, 2200) && is_in(part(4, 6), 1, 12) && is_in(part(6, 8), 1, 31);
    is_day && (text.len() == 8 || is_in(part(8, 10), 0, 23) && is_in(part(10, 12), 0, 59))
}

fn of_text(text: &str, now: u64) -> Option<Mistake> {
    let is = |what: &str| Some((what.to_owned(), CHANGE));
    let lower = text.to_ascii_lowercase();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let inside = |start: char, end: char| text.len() > 1 && text.starts_with(start) && text.ends_with(end);
    let unquoted = text.trim_matches(['"', '\'', '`']);
    if text.is_empty() {
        return is("is empty");
    }
    if unquoted.len() < text.len() && unquoted.parse::<u64>().is_ok() {
        return is("is in quotes");
    }
    if inside('{', '}')
        || inside('<', '>')
        || inside('[', ']')
        || inside('%', '%')
        || text.starts_with(['$', ':'])
    {
        return is("is a placeholder that was never filled in");
    }
    if [
        "undefined",
        "null",
        "none",
        "nan",
        "nil",
        "false",
        "true",
        "array",
        "never",
        "infinity",
        "expires",
        "%s",
        "%d",
        "now",
        "[object object]",
    ]
    .contains(&&*lower)
    {
        return is("is a word that was never filled in, not a time");
    }
    if let Some(number) = text.strip_prefix(['-', '−'])
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return is("is negative");
    }
    if let Some(number) =
        text.strip_prefix('+').filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return of_number(number, number.parse().ok()?, now).or_else(|| is("has a leading sign"));
    }
    if let Some(number) = lower.strip_prefix("0x")
        && u64::from_str_radix(number, 16).is_ok()
    {
        return is("is in hex, not in decimal digits");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return is("is too large");
    }
    if let Ok(number) = text.parse::<f64>() {
        if number.abs() < 1e11 && lower.contains('e') {
            return is("is in exponential form, not in plain digits");
        }
        return is("has a fraction, but must be a whole number of seconds");
    }
    let unit = text.trim_start_matches(|char: char| char.is_ascii_digit() || " +-.".contains(char));
    let units = [
        "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h", "hr", "hour",
        "hours", "d", "day", "days", "w", "week", "weeks", "month", "months", "year", "years", "ms",
    ];
    let has_unit = units.contains(&&*unit.to_ascii_lowercase()) || lower.starts_with("pt");
    if digits > 0 && has_unit {
        return Some((
            "is a lifetime with its unit, not a time".to_owned(),
            "add it to the current time, as in PHP's time() + 300",
        ));
    }
    let grouped = text.chars().all(|char| char.is_ascii_digit() || ",. _'\u{a0}\u{202f}".contains(char));
    if grouped && digits >= 9 {
        return is("has something between its digits");
    }
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let has_month = months.iter().any(|month| lower.contains(month));
    if digits >= 3 && (has_month || text.contains(['-', '/', ':', 'T', '.'])) {
        let iso =
            text.get(4..5) == Some("-") && text.get(..4).is_some_and(|year| year.parse::<u32>().is_ok());
        return is(if iso {
            "is an ISO date, not a number of seconds"
        } else {
            "is a date, not a number of seconds"
        });
    }
    if digits == 0 {
        return is("is a word, not a time");
    }
    is("is not a number of Unix seconds in decimal digits")
}
