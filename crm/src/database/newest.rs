//! The newest rows about a person, sorted by time. Other programs may write milliseconds where
//! this one writes seconds, or anything at all.

/// The largest number that is read as seconds (in the year 5138), and the largest that is read
/// as milliseconds.
pub const MAX_SECONDS: i64 = 100_000_000_000;
pub const MAX_MILLISECONDS: i64 = 1000 * MAX_SECONDS;
/// Stands for no time, and is earlier than any.
pub const UNDATED: i64 = -10 * MAX_MILLISECONDS;

/// What differs in the SQL of the engines.
pub struct Dialect {
    /// The column that identifies rows.
    pub id: &'static str,
    /// The function that gives the lesser of two.
    pub least: &'static str,
    /// A time in milliseconds, or `UNDATED`.
    pub milliseconds: fn(&str) -> String,
    /// Such a time as `2026-11-23T14:05Z`, or NULL.
    pub moment: fn(&str) -> String,
    /// Whether the id of a row is among the results of a query.
    pub is_among: fn(&str) -> String,
}

/// A query for at most `limit` newest rows of the person `$1`, older than the row with the id
/// `$2` if that is not NULL: their ids, moments and `columns`.
///
/// An index on the person and the time yields seconds in order, and milliseconds in order, so
/// few of those rows are read. All others have to be sorted, which takes longer the more there
/// are.
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
