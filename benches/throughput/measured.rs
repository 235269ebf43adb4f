//! What Criterion measured, read from the files that it leaves.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// One benchmark's median.
pub struct Measured {
    pub group: String,
    pub function: String,
    /// Which of a group's requests, if there are several.
    pub value: String,
    pub nanoseconds: f64,
    /// How many bytes were sent, if that is what counts.
    pub bytes: Option<f64>,
}

impl Measured {
    /// All of this run.
    pub fn read(results: &Path) -> Vec<Self> {
        let mut folders = named(results, "new");
        folders.sort();
        folders.iter().filter_map(|folder| Self::read_one(folder)).collect()
    }

    fn read_one(folder: &Path) -> Option<Self> {
        let json = |name| serde_json::from_slice::<Value>(&fs::read(folder.join(name)).ok()?).ok();
        let (benchmark, estimates) = (json("benchmark.json")?, json("estimates.json")?);
        let text = |name: &str| benchmark[name].as_str().unwrap_or_default().to_owned();
        Some(Self {
            group: text("group_id"),
            function: text("function_id"),
            value: text("value_str"),
            nanoseconds: estimates["median"]["point_estimate"].as_f64()?,
            bytes: benchmark["throughput"]["Bytes"].as_f64(),
        })
    }
}

/// Where Criterion leaves its files, and `docs/chart.py` looks for them.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("criterion")
}

/// Removes what the last run left, so that a table is of one run. What was saved by
/// `--save-baseline` stays.
pub fn forget(results: &Path) {
    for folder in ["new", "base"].iter().flat_map(|name| named(results, name)) {
        fs::remove_dir_all(folder).unwrap();
    }
}

/// The folders of this name, at any depth.
fn named(folder: &Path, name: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let folders = entries.filter(|path| path.is_dir());
    folders.flat_map(|path| if path.ends_with(name) { vec![path] } else { named(&path, name) }).collect()
}
