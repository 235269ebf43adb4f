//! Moments in time, written for people: `21 May 2026, 10:00 UTC`.

use maud::{Markup, html};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The day of a moment like `2026-05-21T10:00Z`.
pub fn day(moment: Option<&str>) -> Markup {
    dated(moment, |day, _| html! { time datetime=(day) { (written(day)) } })
}

/// The same with the time of day and UTC: the agent's time zone is not known.
pub fn day_and_time(moment: Option<&str>) -> Markup {
    dated(
        moment,
        |day, time| html! { time datetime={ (day) "T" (time) } { (written(day)) ", " (time.trim_end_matches('Z')) " UTC" } },
    )
}

fn dated(moment: Option<&str>, markup: impl Fn(&str, &str) -> Markup) -> Markup {
    match moment.and_then(|moment| moment.split_once('T')) {
        Some((day, time)) => markup(day, time),
        None => html! { span.quiet { "undated" } },
    }
}

/// `21 May 2026` for `2026-05-21`; anything else as it is.
fn written(day: &str) -> String {
    let mut parts = day.rsplitn(3, '-');
    let mut number = || parts.next().and_then(|part| part.parse::<usize>().ok());
    let (date, month) = (number(), number());
    let month = month.and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match (date, month, parts.next()) {
        (Some(date), Some(month), Some(year)) => format!("{date} {month} {year}"),
        _ => day.to_owned(),
    }
}
