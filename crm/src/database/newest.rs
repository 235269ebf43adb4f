//! The newest rows about a person, in the order of their times as they are read. Other
//! programs may write milliseconds where this one writes seconds, and anything at all.

/// The largest number that is taken for seconds, in the year 5138, and the largest that is
/// taken for milliseconds.
pub const MAX_SECONDS: i64 = 100_000_000_000;
pub const MAX_MILLISECONDS: i64 = 1000 * MAX_SECONDS;
/// What stands for no time: it is earlier than any.
pub const UNDATED: i64 = -10 * MAX_MILLISECONDS;

/// How an engine's SQL says it.
pub struct Dialect {
    /// What tells rows apart.
    pub id: &'static str,
    /// The function that gives the lesser of two.
    pub least: &'static str,
    /// A time in milliseconds, or `UNDATED`.
    pub milliseconds: fn(&str) -> String,
    /// Such a time as `2026-11-23T14:05Z`, or NULL.
    pub moment: fn(&str) -> String,
    /// Whether the id of a row is among what a query gives.
    pub is_among: fn(&str) -> String,
}

/// A query for the newest rows of the person `$1`, so many at most, and older than the row
/// with the id `$2` if that is not NULL: their ids, moments and `columns`.
///
/// An index on the person and the time gives seconds in order, and milliseconds, so only
/// few of them are looked at. What is neither is sorted, which takes the longer the more
/// there is.
pub fn newest(dialect: &Dialect, table: &str, time: &str, columns: &str, limit: usize) -> String {
    let Dialect { id, least, .. } = dialect;
    let key = (dialect.milliseconds)(time);
    let before = format!(
        "(CASE WHEN CAST($2 AS bigint) IS NULL THEN {} ELSE (SELECT {key} FROM {table} WHERE {id} = $2) END)",
        i64::MAX
    );
    let ranges = [
        (time, format!("{time} >= -{MAX_SECONDS} AND {time} <= {least}({MAX_SECONDS}, {before} / 1000)")),
        (time, format!("{time} > {MAX_SECONDS} AND {time} <= {least}({MAX_MILLISECONDS}, {before})")),
        (&key, format!("{time} > {MAX_MILLISECONDS}")),
        (&key, format!("{time} < -{MAX_SECONDS}")),
        (&key, format!("{time} IS NULL")),
    ];
    let newest = ranges.map(|(order, range)| {
        format!(
            "SELECT * FROM (SELECT {id} FROM {table} WHERE person = $1 AND {range}
                 AND ({key}, {id}) < ({before}, coalesce($2, {}))
             ORDER BY {order} DESC, {id} DESC LIMIT {limit}) AS newest",
            i64::MAX
        )
    });
    format!(
        "SELECT CAST({id} AS bigint), {}, {columns} FROM {table} WHERE {}
         ORDER BY {key} DESC, {id} DESC LIMIT {limit}",
        (dialect.moment)(&key),
        (dialect.is_among)(&newest.join(" UNION ALL "))
    )
}
