//! Orders and sales, row by row.

use maud::{Markup, html};

use super::{amount::amount, moment::day};
use crate::database::{Order, Sales};

/// How many orders, and how many years of sales, are shown at once. The rest is folded, so
/// that the notes are close to the top.
const UNFOLDED: usize = 3;

/// How long a year and an amount may be to stay on one line, in characters. Anything longer is
/// a mistake, and would leave no room for the others.
const MAX_YEAR: usize = 5;
const MAX_AMOUNT: usize = 18;

pub fn orders(orders: &[Order], currency: &str) -> Markup {
    let amounts = orders.iter().map(|order| amount(currency, order.cents));
    let widest = html! { td {} td { (widest(amounts, MAX_AMOUNT)) } };
    folded(orders, "Latest orders", "Earlier orders", &widest, |order| {
        html! {
            td.fill { span dir="auto" { (order.title) } (day(order.moment.as_deref())) }
            (amount_cell(currency, order.cents))
        }
    })
}

pub fn sales(sales: &[Sales], currency: &str) -> Markup {
    let most = sales.iter().filter_map(|sales| sales.cents).max().unwrap_or(0);
    let years = sales.iter().map(|sales| sales.year.clone());
    let amounts = sales.iter().map(|sales| amount(currency, sales.cents));
    let widest = html! {
        td { (widest(years, MAX_YEAR)) } td.bar {} td { (widest(amounts, MAX_AMOUNT)) }
    };
    folded(sales, "Sales by year", "Earlier years", &widest, |year| {
        html! {
            th scope="row" .whole[year.year.len() <= MAX_YEAR] { (year.year) }
            // It repeats the amount.
            td.fill.bar aria-hidden="true" { (bar(year.cents.unwrap_or(0), most)) }
            (amount_cell(currency, year.cents))
        }
    })
}

/// A table, row by row, with all but the first few rows folded. Both parts have an invisible row
/// of the `widest` cells, which gives them the same columns.
fn folded<T>(all: &[T], caption: &str, earlier: &str, widest: &Markup, row: impl Fn(&T) -> Markup) -> Markup {
    let (shown, folded) = all.split_at(all.len().min(UNFOLDED));
    let table = |caption, items: &[T]| {
        html! {
            table {
                caption { (caption) }
                @for item in items { tr { (row(item)) } }
                tr.widest aria-hidden="true" { (widest) }
            }
        }
    };
    html! {
        @if !shown.is_empty() {
            section {
                (table(caption, shown))
                @if !folded.is_empty() {
                    details {
                        summary { (earlier) }
                        (table(earlier, folded))
                    }
                }
            }
        }
    }
}

/// The longest of those cells that stay on one line; if none does, as long as one may be.
fn widest(cells: impl Iterator<Item = String>, max_chars: usize) -> String {
    let whole = cells.filter(|cell| cell.chars().count() <= max_chars);
    whole.max_by_key(|cell| cell.chars().count()).unwrap_or_else(|| "0".repeat(max_chars))
}

fn amount_cell(currency: &str, cents: Option<i64>) -> Markup {
    let amount = amount(currency, cents);
    html! { td.amount.whole[amount.chars().count() <= MAX_AMOUNT] { (amount) } }
}

fn bar(cents: i64, most: i64) -> Markup {
    html! { @if cents > 0 { meter min="0" max=(most) value=(cents) {} } }
}
