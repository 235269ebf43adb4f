//! Amounts of money, written for people.

/// Cents as `£1,234.50`, or a dash where there is no amount.
pub fn amount(currency: &str, cents: Option<i64>) -> String {
    let Some(cents) = cents else { return "–".into() };
    let sign = if cents < 0 { "−" } else { "" };
    // A word like `CHF` is followed by a space that does not break.
    let space = if currency.ends_with(char::is_alphabetic) { "\u{A0}" } else { "" };
    let (units, cents) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    format!("{sign}{currency}{space}{}.{cents:02}", in_groups(units))
}

/// A number with commas between thousands.
fn in_groups(number: u64) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut grouped = digits[..first].to_owned();
    for at in (first..digits.len()).step_by(3) {
        if at > 0 {
            grouped.push(',');
        }
        grouped.push_str(&digits[at..at + 3]);
    }
    grouped
}
