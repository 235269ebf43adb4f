//! The page about one person, which the platform shows beside a conversation.

use maud::{Markup, html};
use signed_query::Error;

use super::{amount::amount, document};
use crate::{
    database::{Note, Order, Person, Sales, is_blank},
    links::{Links, PageLink},
    notice::{MAX_LENGTH, Notice},
};

/// How many orders, and how many years of sales, are shown at once; the rest is folded,
/// so that the notes are near.
const UNFOLDED: usize = 3;

/// How long a year and an amount may be to stand on one line, in characters. What is
/// longer is no good one, and would leave no room for those that are.
const MAX_YEAR: usize = 5;
const MAX_AMOUNT: usize = 18;

/// The page, with the links that it leads to; with a note that was not added, and why.
pub fn person_page(
    person: &Person,
    page: &PageLink,
    refused: Option<(Notice, &str)>,
    links: &Links,
    currency: &str,
) -> Result<Markup, Error> {
    let note_link = links.note(&page.person, page.expires)?;
    let oldest = person.notes.last().filter(|_| person.has_older_notes);
    let older = oldest.map(|note| links.page(&page.person, Some(note.id), page.expires)).transpose()?;
    let newest = page.before.map(|_| links.page(&page.person, None, page.expires)).transpose()?;
    let content = html! {
        (header(person))
        @if newest.is_none() {
            (orders(&person.orders, currency))
            (sales(&person.sales, currency))
        }
        section {
            h2 { "Notes" }
            @if let Some(newest) = newest {
                p { a href=(newest) { "Newest notes" } }
            } @else {
                (form(&note_link, refused))
            }
            @if person.notes.is_empty() { p.quiet { "None so far." } }
            @for note in &person.notes { (self::note(note)) }
            @if let Some(older) = older {
                p { a href=(older) { "Older notes" } }
            }
        }
    };
    Ok(document(&person.name, &content))
}

fn header(person: &Person) -> Markup {
    let contacts = [("E-mail", &person.email), ("Phone", &person.phone), ("Handle", &person.handle)];
    let mut known = contacts.iter().filter(|(_, value)| !is_blank(value)).peekable();
    html! {
        header {
            h1 dir="auto" { (person.name) }
            @if known.peek().is_some() {
                dl {
                    @for (name, value) in known { dt { (name) } dd dir="auto" { (value) } }
                }
            }
            (crm_link(&person.crm_url))
        }
    }
}

/// A link out of the iframe, unless the address is one that a browser would run.
fn crm_link(url: &str) -> Markup {
    html! {
        @if url.starts_with("https://") || url.starts_with("http://") {
            p { a href=(url) target="_blank" rel="noopener noreferrer" { "Open in the CRM" } }
        }
    }
}

fn orders(orders: &[Order], currency: &str) -> Markup {
    folded(orders, "Latest orders", "Earlier orders", |order| {
        html! {
            td {
                div.spread {
                    span dir="auto" { (order.title) }
                    (day(order.day.as_deref()))
                }
            }
            (amount_cell(currency, order.cents))
        }
    })
}

fn sales(sales: &[Sales], currency: &str) -> Markup {
    let most = sales.iter().filter_map(|sales| sales.cents).max().unwrap_or(0);
    folded(sales, "Sales by year", "Earlier years", |year| {
        html! {
            th scope="row" .whole[year.year.len() <= MAX_YEAR] { (year.year) }
            // It says what the amount says.
            td aria-hidden="true" { (bar(year.cents.unwrap_or(0), most)) }
            (amount_cell(currency, year.cents))
        }
    })
}

/// A table of what there is, row by row, with all but the first few folded.
fn folded<T>(all: &[T], caption: &str, earlier: &str, row: impl Fn(&T) -> Markup) -> Markup {
    let (shown, folded) = all.split_at(all.len().min(UNFOLDED));
    let table = |caption, items: &[T]| {
        html! {
            table {
                caption { (caption) }
                @for item in items { tr { (row(item)) } }
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

fn amount_cell(currency: &str, cents: Option<i64>) -> Markup {
    let amount = amount(currency, cents);
    html! { td.amount.whole[amount.chars().count() <= MAX_AMOUNT] { (amount) } }
}

fn bar(cents: i64, most: i64) -> Markup {
    html! { @if cents > 0 { meter min="0" max=(most) value=(cents) {} } }
}

fn form(note_link: &str, refused: Option<(Notice, &str)>) -> Markup {
    let draft = refused.map_or("", |(_, typed)| typed);
    html! {
        form method="post" action=(note_link) {
            label for="text" { "New note" }
            @if let Some((notice, _)) = refused { p #notice role="alert" { (notice.text()) } }
            // The parser takes away the first line end.
            textarea #text name="text" required rows="3" maxlength=(MAX_LENGTH) dir="auto"
                aria-describedby=[refused.map(|_| "notice")] { "\n" (draft) }
            button { "Add note" }
        }
    }
}

fn note(note: &Note) -> Markup {
    html! {
        article {
            (day(note.day.as_deref()))
            p dir="auto" { (note.text) }
        }
    }
}

fn day(day: Option<&str>) -> Markup {
    html! {
        @match day {
            Some(day) => { time datetime=(day) { (day) } }
            None => { span.quiet { "undated" } }
        }
    }
}
