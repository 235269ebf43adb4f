//! People from CSV, as spreadsheets and databases write it: with commas, semicolons or tabs, in
//! UTF-8, UTF-16 or Windows-1252, with or without a byte order mark.

use std::borrow::Cow;

use csv::{ByteRecord, Reader, ReaderBuilder};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::database::{FIELDS, MAX_ID_BYTES, is_blank};

const SEPARATORS: &[u8] = b",;\t";
/// How long a value may be, in bytes. Anything longer is a mistake, such as a missing quote.
const MAX_BYTES: usize = MAX_ID_BYTES;

/// A file whose first line names the columns that are needed.
pub struct Table {
    bytes: Vec<u8>,
    separator: u8,
    /// How many fields the first line has.
    width: usize,
    /// The columns to import, the id first.
    pub columns: Vec<&'static str>,
    /// The position of each of them in a row.
    places: Vec<usize>,
}

pub enum Row {
    /// With a value for each column.
    Person(Vec<String>),
    /// The reason, and where in the file it is.
    LeftOut(String),
}

impl Table {
    pub fn of(bytes: Vec<u8>) -> Result<Self, Box<dyn std::error::Error>> {
        let bytes = without_hint(in_ascii_superset(bytes));
        let mut found = Vec::new();
        for &separator in SEPARATORS {
            let mut first = ByteRecord::new();
            reader(&bytes, separator).read_byte_record(&mut first)?;
            let names: Vec<String> = texts(&first).iter().map(|name| name.to_lowercase()).collect();
            let is_there = |wanted: &&str| names.iter().any(|name| name == wanted);
            if ["id", "name"].iter().all(is_there) {
                let wanted: Vec<&'static str> =
                    ["id"].iter().chain(FIELDS).copied().filter(|name| is_there(name)).collect();
                let twice =
                    wanted.iter().find(|wanted| names.iter().filter(|name| name == *wanted).count() > 1);
                if let Some(twice) = twice {
                    return Err(format!("its first line names {twice} twice").into());
                }
                let place = |wanted: &&str| names.iter().position(|name| name == wanted);
                let places = wanted.iter().filter_map(place).collect();
                return Ok(Self { bytes, separator, width: names.len(), columns: wanted, places });
            }
            found = found.into_iter().max_by_key(Vec::len).into_iter().chain([names]).collect();
        }
        let found = found.into_iter().max_by_key(Vec::len).unwrap_or_default().join(", ");
        Err(format!(
            "its first line must name the columns, including id and name, separated by commas, semicolons or \
             tabs; it is {}",
            if is_blank(&found) { "blank".to_owned() } else { found.chars().take(200).collect() }
        )
        .into())
    }

    /// All rows after the first.
    pub fn rows(&self) -> impl Iterator<Item = Row> {
        let mut reader = reader(&self.bytes, self.separator);
        let mut record = ByteRecord::new();
        let mut is_first = true;
        std::iter::from_fn(move || {
            loop {
                // Reading from memory can't fail.
                if !reader.read_byte_record(&mut record).unwrap_or(false) {
                    return None;
                }
                if !std::mem::take(&mut is_first) {
                    let start = record.position().map_or(0, csv::Position::line);
                    let end = reader.position().line().saturating_sub(1).max(start);
                    return Some(self.row(&record, start, end));
                }
            }
        })
    }

    fn row(&self, record: &ByteRecord, start: u64, end: u64) -> Row {
        let fields = texts(record);
        let values =
            self.places.iter().map(|&place| fields.get(place).cloned().unwrap_or_default()).collect();
        match self.fault(&fields, &values) {
            None => Row::Person(values),
            Some(fault) if start == end => Row::LeftOut(format!("line {start} is skipped: {fault}")),
            Some(fault) => Row::LeftOut(format!(
                "lines {start} to {end} are skipped, as one row: {fault}; is a quote missing?"
            )),
        }
    }

    /// Why a row can't be imported.
    fn fault(&self, fields: &[String], values: &Vec<String>) -> Option<String> {
        let (width, extra) = (self.width, fields.get(self.width..).unwrap_or_default());
        // Spreadsheets write empty fields at the end.
        if fields.len() < width || !extra.iter().all(|field| field.is_empty()) {
            return Some(format!("it has {} fields where the first line has {width}", fields.len()));
        }
        self.columns.iter().zip(values).find_map(|(column, value)| {
            if *column == "id" && is_blank(value) {
                Some("its id is empty".to_owned())
            } else if value.len() > MAX_BYTES {
                Some(format!("its {column} is longer than {MAX_BYTES} bytes"))
            } else if value.contains(char::REPLACEMENT_CHARACTER) {
                Some(format!("its {column} contains a character that was already lost (\u{FFFD})"))
            } else if value.contains(char::is_control) {
                Some(format!("its {column} contains a line break or another control character"))
            } else {
                None
            }
        })
    }
}

/// Converts UTF-16 to UTF-8 and leaves anything else as it is; removes a byte order mark.
fn in_ascii_superset(mut bytes: Vec<u8>) -> Vec<u8> {
    match Encoding::for_bom(&bytes) {
        Some((encoding, length)) if encoding == UTF_8 => bytes.split_off(length),
        Some((encoding, _)) => encoding.decode_with_bom_removal(&bytes).0.into_owned().into_bytes(),
        None => bytes,
    }
}

/// Blanks the line in which spreadsheets tell each other the separator; lines keep their numbers.
fn without_hint(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.len() > 4 && bytes[..4].eq_ignore_ascii_case(b"sep=") {
        bytes.drain(..5);
    }
    bytes
}

fn reader(bytes: &[u8], separator: u8) -> Reader<&[u8]> {
    ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(bytes)
}

/// The fields of a row, without whitespace around them. What is not UTF-8 is Windows-1252: no text
/// that anybody writes in that is UTF-8 by chance.
fn texts(record: &ByteRecord) -> Vec<String> {
    let is_utf8 = record.iter().all(|field| str::from_utf8(field).is_ok());
    let decode = |field| match is_utf8 {
        true => String::from_utf8_lossy(field),
        false => WINDOWS_1252.decode_without_bom_handling(field).0,
    };
    record.iter().map(|field| Cow::as_ref(&decode(field)).trim().to_owned()).collect()
}
