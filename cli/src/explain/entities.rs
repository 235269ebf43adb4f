//! Names of parameters that became characters: `&copy=1` is `©=1` where a URL was taken for
//! HTML, and `&timestamp` is `×tamp`, since HTML knows these names without `;`.

/// From U+00A0 on, the name of each character in Latin-1.
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo",
    "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot",
    "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",
    "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute",
    "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
    "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde",
    "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc",
    "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave",
    "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
];

/// And those of ASCII.
const ASCII: [(char, &str); 3] = [('<', "lt"), ('>', "gt"), ('"', "quot")];

/// The URL with names in place of characters: of each one that there is, and of all.
pub fn undone(url: &str) -> Vec<String> {
    let latin = (0xa0..=0xff_u8).map(char::from).zip(LATIN_1);
    let mut undone = Vec::new();
    let mut all = url.to_owned();
    for (char, name) in latin.chain(ASCII) {
        let named = with_name(url, char, name);
        if named != url {
            all = with_name(&all, char, name);
            undone.push(named);
        }
    }
    if undone.len() > 1 {
        undone.push(all);
    }
    undone
}

/// With a name for a character, in the forms that browsers send: as it is, in UTF-8 and in
/// Latin-1.
fn with_name(url: &str, char: char, name: &str) -> String {
    let name = format!("&{name}");
    let utf8: String = char.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let url = url.replace(char, &name).replace(&utf8, &name).replace(&utf8.to_lowercase(), &name);
    let latin = format!("%{:02X}", u32::from(char));
    [latin.to_lowercase(), latin].iter().fold(url, |url, latin| {
        let mut parts = url.split(&**latin);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |before, behind| {
            // A byte of UTF-8 has others beside it.
            let is_alone =
                !is_escape(before.get(before.len().wrapping_sub(3)..)) && !is_escape(behind.get(..3));
            before + if is_alone { &*name } else { latin } + behind
        })
    })
}

/// Whether this is the escape of a byte beyond ASCII.
fn is_escape(text: Option<&str>) -> bool {
    text.is_some_and(|text| {
        text.starts_with('%')
            && text[1..].starts_with(['8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'a', 'b', 'c', 'd', 'e', 'f'])
    })
}
