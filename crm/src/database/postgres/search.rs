//! Search: the index says who may be looked for, and people as they are now whether they are.

use std::{
    collections::{BTreeSet, HashMap},
    pin::pin,
};

use deadpool_postgres::{Object, tokio_postgres::types::ToSql};
use futures_util::TryStreamExt;

use super::QueryResult;
use crate::database::{MAX_NAME_CHARS, MAX_RESULTS, Match, bounded, folding::Words, found::Found};

/// How many words the index is asked for at most, and how many grams of each: it reads all
/// that it has for each gram. That the grams are there does not prove that the words are,
/// so the words are looked for in what it finds.
const MAX_WORDS: usize = 16;
const MAX_GRAMS: usize = 2;
/// How many people who are not in the index yet are looked at one by one: with more of
/// them, looking at everybody is faster.
const MAX_UNINDEXED: i64 = 5000;

/// Grams that many have, with how large a part of all people. The rest is rare.
pub type Common = HashMap<String, f32>;

/// What PostgreSQL knows of that, since it last analysed the table.
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
    // One after the other: after an import there may be a million to look at.
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

/// A pattern of `LIKE` for whatever contains a word.
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
