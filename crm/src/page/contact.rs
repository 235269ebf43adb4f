//! Links to e-mail or call somebody.

/// The `mailto:` link for an e-mail address (RFC 6068); `None` if it isn't one.
pub fn mail_link(text: &str) -> Option<String> {
    let is_plain =
        |char: char| !char.is_whitespace() && !char.is_control() && !"\"(),:;<>[\\]?&%#…".contains(char);
    let (user, host) = text.split_once('@')?;
    let is_address =
        !user.is_empty() && !host.is_empty() && !host.contains('@') && text.chars().all(is_plain);
    let escaped = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~@+!$'*".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    is_address.then(|| format!("mailto:{}", text.bytes().map(escaped).collect::<String>()))
}

/// The `tel:` link for a telephone number (RFC 3966), however it is written; `None` if it isn't
/// one, or is several.
pub fn call_link(text: &str) -> Option<String> {
    /// What may stand between digits, including no-break spaces and several dashes.
    const SEPARATORS: &str = " -.()\u{A0}\u{202F}\u{2010}\u{2011}\u{2012}\u{2013}";
    let text = text.trim();
    let (plus, number) = text.strip_prefix('+').map_or(("", text.to_owned()), |rest| {
        // This zero is only dialled within the country.
        ("+", rest.replacen("(0)", "", 1))
    });
    let digits: String = number.chars().filter(|char| !SEPARATORS.contains(*char)).collect();
    let is_number = (3..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| format!("tel:{plus}{digits}"))
}
