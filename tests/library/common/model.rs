//! PHP's reading and writing of a query, statement by statement as in its source
//! (`main/php_variables.c`, `ext/standard/http.c`): slow, and for old versions too.

/// What versions of PHP do differently.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// The index after a negative one is zero: before 8.0.
    pub zero_after_negative: bool,
    /// What follows a `[` that nothing closes stays as it is: before 8.0.
    pub unclosed_stays: bool,
    pub guard: Guard,
}

/// Where a name is dropped that became `__Host-…` or `__Secure-…` in the reading.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Guard {
    /// Up to 7.3.
    Nowhere,
    /// In front of a `[`: before 8.1.28, 8.2.18 and 8.3.6.
    InBase,
    Everywhere,
}

impl Rules {
    /// Those of 8.1.28, 8.2.18, 8.3.6 and all later ones.
    pub const TODAY: Self =
        Self { zero_after_negative: false, unclosed_stays: false, guard: Guard::Everywhere };
}

#[derive(PartialEq)]
enum Key {
    Integer(i64),
    Bytes(Vec<u8>),
}

enum Value {
    Text(Vec<u8>),
    Array(Array),
}

struct Array {
    elements: Vec<(Key, Value)>,
    /// `nNextFreeElement`
    next: i64,
}

/// A limit of PHP is passed.
struct Limit;

/// `http_build_query(parse_str(…))`; `None` where PHP's limits are passed.
pub fn canonical(query: &[u8], rules: Rules) -> Option<String> {
    let mut top = Array::new(rules);
    // In C a text ends at its first NUL.
    let parameters = up_to(query, 0).split(|&byte| byte == b'&').filter(|parameter| !parameter.is_empty());
    for (nth, parameter) in parameters.enumerate() {
        if nth == 1_000 {
            return None;
        }
        let name = up_to(parameter, b'=');
        let value = decode(parameter.get(name.len() + 1..).unwrap_or_default());
        register(&mut top, up_to(&decode(name), 0), value, rules).ok()?;
    }
    let mut written = String::new();
    write(&top, "", &mut written);
    Some(written)
}

/// `php_register_variable_ex`
fn register(top: &mut Array, name: &[u8], value: Vec<u8>, rules: Rules) -> Result<(), Limit> {
    let spaces = name.iter().take_while(|&&byte| byte == b' ').count();
    let name = &name[spaces..];
    let base = up_to(name, b'[');
    let mut rest = &name[base.len()..];
    let mut base = mangled(base);
    if base.is_empty() || rules.guard != Guard::Nowhere && is_forbidden(&base, name) {
        return Ok(());
    }

    let is_dropped = |key: &Option<Vec<u8>>| {
        rules.guard == Guard::Everywhere && key.as_ref().is_some_and(|key| is_forbidden(key, name))
    };
    let mut array = top;
    let mut key = Some(base.clone());
    let mut levels = 0;
    while let Some(index) = rest.strip_prefix(b"[") {
        levels += 1;
        if levels > 64 {
            return Err(Limit);
        }
        let space = usize::from(matches!(index.first(), Some(b' ' | b'\t'..=b'\r')));
        let Some(length) = index[space..].iter().position(|&byte| byte == b']') else {
            if levels == 1 {
                base.push(b'_');
                base.extend(if rules.unclosed_stays { index.to_vec() } else { mangled(index) });
                key = Some(base);
            }
            break;
        };
        if is_dropped(&key) {
            return Ok(());
        }
        let Some(inner) = array.array(key, rules) else { return Ok(()) };
        array = inner;
        key = (length > 0).then(|| index[..space + length].to_vec());
        rest = &index[space + length + 1..];
    }
    if !is_dropped(&key) {
        array.put(key, value);
    }
    Ok(())
}

impl Array {
    fn new(rules: Rules) -> Self {
        Self { elements: Vec::new(), next: if rules.zero_after_negative { 0 } else { i64::MIN } }
    }

    /// The place of a key. That of none is a new one, unless the integers are used up.
    fn place(&mut self, key: Option<Vec<u8>>) -> Option<&mut Value> {
        let is_next = key.is_none();
        let key = key.map_or(Key::Integer(if self.next == i64::MIN { 0 } else { self.next }), Key::of);
        let place = self.elements.iter().position(|(present, _)| *present == key);
        if is_next && place.is_some() {
            return None;
        }
        if let Key::Integer(index) = key {
            self.next = self.next.max(index.saturating_add(1));
        }
        let place = place.unwrap_or_else(|| {
            self.elements.push((key, Value::Text(Vec::new())));
            self.elements.len() - 1
        });
        Some(&mut self.elements[place].1)
    }

    fn put(&mut self, key: Option<Vec<u8>>, value: Vec<u8>) {
        if let Some(place) = self.place(key) {
            *place = Value::Text(value);
        }
    }

    /// The array at a key, a new one if there is none.
    fn array(&mut self, key: Option<Vec<u8>>, rules: Rules) -> Option<&mut Self> {
        let place = self.place(key)?;
        if let Value::Text(_) = place {
            *place = Value::Array(Self::new(rules));
        }
        match place {
            Value::Array(array) => Some(array),
            Value::Text(_) => None,
        }
    }
}

impl Key {
    /// `ZEND_HANDLE_NUMERIC_STR`: what an integer is written as is that integer.
    fn of(bytes: Vec<u8>) -> Self {
        let integer = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse::<i64>().ok());
        match integer {
            Some(integer) if integer.to_string().as_bytes() == bytes => Self::Integer(integer),
            _ => Self::Bytes(bytes),
        }
    }
}

/// What is in front of the first such byte.
fn up_to(bytes: &[u8], end: u8) -> &[u8] {
    bytes.split(|&byte| byte == end).next().unwrap()
}

fn mangled(name: &[u8]) -> Vec<u8> {
    name.iter().map(|&byte| if matches!(byte, b' ' | b'.' | b'[') { b'_' } else { byte }).collect()
}

/// `php_is_forbidden_variable_name`
fn is_forbidden(key: &[u8], name: &[u8]) -> bool {
    [&b"__Host-"[..], b"__Secure-"].iter().any(|prefix| key.starts_with(prefix) && !name.starts_with(prefix))
}

/// `php_url_decode`
fn decode(mut encoded: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut decoded = Vec::new();
    while let [first, rest @ ..] = encoded {
        let escaped = match rest {
            [high, low, ..] if *first == b'%' => digit(*high).zip(digit(*low)),
            _ => None,
        };
        encoded = if escaped.is_some() { &rest[2..] } else { rest };
        decoded.push(match escaped {
            Some((high, low)) => (high * 16 + low) as u8,
            None if *first == b'+' => b' ',
            None => *first,
        });
    }
    decoded
}

/// `php_url_encode_hash_ex`
fn write(array: &Array, prefix: &str, written: &mut String) {
    for (key, value) in &array.elements {
        let key = match key {
            Key::Integer(integer) => integer.to_string(),
            Key::Bytes(bytes) => encode(bytes),
        };
        let name = if prefix.is_empty() { key } else { format!("{prefix}%5B{key}%5D") };
        match value {
            Value::Array(inner) => write(inner, &name, written),
            Value::Text(text) => {
                let separator = if written.is_empty() { "" } else { "&" };
                *written += &format!("{separator}{name}={}", encode(text));
            }
        }
    }
}

/// `php_url_encode`
fn encode(bytes: &[u8]) -> String {
    let encoded = bytes.iter().map(|&byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        b' ' => "+".to_owned(),
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}
