//! Search: the index yields candidates, who are then matched as they are in the table now.

use std::{
    collections::{BTreeSet, HashMap},
    pin::pin,
};

use deadpool_postgres::{Object, tokio_postgres::types::ToSql};
use futures_util::TryStreamExt;

use super::QueryResult;
use crate::database::{MAX_NAME_CHARS, MAX_RESULTS, Match, bounded, folding::Words, found::Found};

/// The most words that are looked up in the index, and the most grams of each: it reads every
/// entry of each gram. Having the grams of a word does not mean having the word, so candidates
/// are matched afterwards.
const MAX_WORDS: usize = 16;
const MAX_GRAMS: usize = 2;
/// How many people who are not yet indexed are matched one by one: with more of them, matching
/// everybody is faster.
const MAX_UNINDEXED: i64 = 5000;

/// Common grams, and the fraction of people who have each. All others are rare.
pub type Common = HashMap<String, f32>;

/// The common grams, from PostgreSQL's statistics.
pub async fn common_grams(client: &Object) -> QueryResult<Common> {
    let common = "SELECT gram, part
        FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common (gram, part)
        WHERE schemaname = current_schema() AND tablename = 'searchable' AND attname = 'grams' AND gram IS NOT NULL";
    let rows = client.query(common, &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

pub async fn search(client: &Object, words: &Words, common: &Common) -> QueryResult<Vec<Match>> {
    let grams = rare_grams(words, common);
    let patterns = |words: Vec<&str>| words.into_iter().map(pattern).collect::<Vec<_>>();
    let (for_both, for_names) = words.by_place();
    let (for_both, for_names) = (patterns(for_both), patterns(for_names));
    let length = MAX_NAME_CHARS as i32 + 1;
    let for_numbers = patterns(words.digits().into_iter().collect());
    let parameters: [&(dyn ToSql + Sync); 7] =
        [&grams, &for_both, &for_names, &(MAX_RESULTS as i64), &MAX_UNINDEXED, &length, &for_numbers];
    let search = client.prepare_cached(include_str!("search.sql")).await?;
    // One at a time: after an import there may be a million.
    let mut rows = pin!(client.query_raw(&search, parameters).await?);
    let mut found = Found::new(words);
    while let Some(row) = rows.try_next().await? {
        let text = |column| bounded(row.get::<_, &str>(column).as_bytes(), MAX_NAME_CHARS);
        found.add(text(1), [&text(2), &text(3)], || QueryResult::Ok(Some(row.get(0))))?;
    }
    Ok(found.into_matches())
}

/// The rarest grams of each word.
fn rare_grams<'w>(words: &'w Words, common: &Common) -> Vec<&'w str> {
    let of_word = |grams: BTreeSet<&'w str>| {
        let mut grams = Vec::from_iter(grams);
        grams.sort_by(|a, b| common.get(*a).unwrap_or(&0.0).total_cmp(common.get(*b).unwrap_or(&0.0)));
        grams.into_iter().take(MAX_GRAMS)
    };
    words.grams().take(MAX_WORDS).flat_map(of_word).collect()
}

/// A `LIKE` pattern for text that contains a word.
fn pattern(word: &str) -> String {
    let mut pattern = "%".to_owned();
    for char in word.chars() {
        if matches!(char, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(char);
    }
    pattern + "%"
}
