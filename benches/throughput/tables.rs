//! What was measured, as tables in Markdown that are read as they stand.

use crate::{
    machine::machine,
    measured::Measured,
    peers::Php,
    requests::{EXAMPLE, NAMES},
};

/// Those who verify the usual requests, as the group's functions are called.
const COLUMNS: [&str; 6] = ["bare MAC", "ring", "verify_at", "sign", "plain way", "PHP"];
const NONE: &str = "–";

/// Prints all tables for which something was measured, and last the one of the usual requests.
pub fn print(measured: &[Measured], missing: &[String]) {
    if measured.is_empty() {
        return;
    }
    println!("\n{}", machine());
    let results = Results(measured);
    print_table("The example request", &["part", "ns", "of the bare MAC"], &results.parts());
    let header = |what| [what, "bare MAC, ns", "`verify_at`, ns", "ratio"];
    print_table("Other schemes", &header("scheme"), &results.beside_mac("schemes"));
    print_table("Other links", &header("link"), &results.beside_mac("links"));
    print_table("Ten parameters, rewritten", &header("query"), &results.beside_mac("ten parameters"));
    print_table("Sizes", &["ns per byte", "10", "100", "990"], &results.sizes());
    let header = ["query", "bytes", "bare MAC, µs", "`verify_at`, µs", "ns per byte"];
    print_table("Hostile requests", &header, &results.hostile());

    let php = Php::version().map_or(String::new(), |version| format!(", PHP {version}"));
    let title = format!("Requests per second on one core: {}{php}", machine());
    let header =
        ["request", "bare MAC", "ring", "`verify_at`", "/ MAC", "`sign`", "/ MAC", "plain way", "PHP"];
    let rows = results.requests(!missing.is_empty());
    print_table(&title, &header, &rows);
    if !rows.is_empty() {
        println!("\n/ MAC: how many times as long as the bare MAC takes");
    }
    for missing in missing {
        println!("{missing}");
    }
}

struct Results<'m>(&'m [Measured]);

impl<'m> Results<'m> {
    fn find(&self, group: &str, function: &str, value: &str) -> Option<&'m Measured> {
        let is_it = |one: &&Measured| one.group == group && one.function == function && one.value == value;
        self.0.iter().find(is_it)
    }

    fn time(&self, group: &str, function: &str) -> Option<f64> {
        self.find(group, function, "").map(|found| found.nanoseconds)
    }

    /// The groups below a name, without it.
    fn below(&self, name: &str) -> Vec<&'m str> {
        let groups = self.0.iter().filter_map(|one| one.group.strip_prefix(name)?.strip_prefix('/'));
        let mut groups: Vec<_> = groups.collect();
        groups.dedup();
        groups
    }

    fn requests(&self, is_missing: bool) -> Vec<Vec<String>> {
        let measured = NAMES.iter().filter(|name| self.below("requests").contains(name));
        let row = |name: &&str| {
            let times = COLUMNS.map(|function| self.time(&format!("requests/{name}"), function));
            let mut row = vec![name.to_string()];
            for (function, time) in COLUMNS.into_iter().zip(times) {
                row.push(match time {
                    Some(time) => per_second(time),
                    None if function == "PHP" && is_missing => "not installed".to_owned(),
                    None => NONE.to_owned(),
                });
                if matches!(function, "verify_at" | "sign") {
                    row.push(ratio(time, times[0]));
                }
            }
            row
        };
        measured.map(row).collect()
    }

    fn parts(&self) -> Vec<Vec<String>> {
        let group = format!("requests/{EXAMPLE}");
        let bare = self.time(&group, COLUMNS[0]);
        let of = |group: &str, function: &str| {
            let time = self.time(group, function)?;
            Some(vec![format!("`{function}`"), format!("{time:.0}"), ratio(Some(time), bare)])
        };
        let parts = ["MAC by blocks", "canonicalize", "get"].map(|function| of("parts", function));
        let whole = COLUMNS.map(|function| of(&group, function));
        parts.into_iter().chain(whole).flatten().collect()
    }

    fn beside_mac(&self, name: &str) -> Vec<Vec<String>> {
        let row = |below: &str| {
            let [bare, verify] =
                ["bare MAC", "verify_at"].map(|function| self.time(&format!("{name}/{below}"), function));
            let cell = |time: Option<f64>| time.map_or(NONE.to_owned(), |time| format!("{time:.0}"));
            vec![below.to_owned(), cell(bare), cell(verify), ratio(verify, bare)]
        };
        self.below(name).into_iter().map(row).collect()
    }

    fn sizes(&self) -> Vec<Vec<String>> {
        let row = |shape: &str| {
            let cells = ["10", "100", "990"].map(|count| {
                let found = self.find(&format!("sizes/{shape}"), "verify_at", count);
                per_byte(found)
            });
            [shape.to_owned()].into_iter().chain(cells).collect()
        };
        self.below("sizes").into_iter().map(row).collect()
    }

    fn hostile(&self) -> Vec<Vec<String>> {
        let verified = self.0.iter().filter(|one| one.group == "hostile" && one.function == "verify_at");
        let row = |one: &Measured| {
            let bytes = one.bytes.map_or(NONE.to_owned(), |bytes| bytes.to_string());
            let micros = |time: f64| format!("{:.1}", time / 1e3);
            let bare = self.find("hostile", "bare MAC", &one.value);
            let bare = bare.map_or(NONE.to_owned(), |bare| micros(bare.nanoseconds));
            vec![one.value.clone(), bytes, bare, micros(one.nanoseconds), per_byte(Some(one))]
        };
        verified.map(row).collect()
    }
}

fn per_byte(measured: Option<&Measured>) -> String {
    let cell = measured.and_then(|one| Some(one.nanoseconds / one.bytes?));
    cell.map_or(NONE.to_owned(), |nanoseconds| format!("{nanoseconds:.2}"))
}

/// How many times as long it takes.
fn ratio(time: Option<f64>, bare: Option<f64>) -> String {
    time.zip(bare).map_or(NONE.to_owned(), |(time, bare)| format!("{:.2}", time / bare))
}

/// In millions, or in thousands.
fn per_second(nanoseconds: f64) -> String {
    match 1e9 / nanoseconds {
        rate if rate >= 1e6 => format!("{:.2} M", rate / 1e6),
        rate => format!("{:.0} k", rate / 1e3),
    }
}

fn print_table(title: &str, header: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let header = header.iter().map(|cell| cell.to_string()).collect();
    let width = |column: usize, rows: &[Vec<String>]| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    };
    let all: Vec<Vec<String>> = [header].into_iter().chain(rows.iter().cloned()).collect();
    let widths: Vec<_> = (0..all[0].len()).map(|column| width(column, &all)).collect();
    println!("\n{title}\n");
    for (nth, row) in all.iter().enumerate() {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        println!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        if nth == 0 {
            let lines = widths.iter().enumerate().map(|(column, width)| match column {
                0 => format!(":{}", "-".repeat(width + 1)),
                _ => format!("{}:", "-".repeat(width + 1)),
            });
            println!("|{}|", lines.collect::<Vec<_>>().join("|"));
        }
    }
}
