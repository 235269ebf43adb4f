//! A person, and the columns of `people` that describe them.

use super::{Note, Order, Sales};

/// Generates `Person` from the names of columns. The names are all that the engines need: they
/// add the columns that a database lacks, and read them.
macro_rules! person {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        // A field that is added must also be shown, in the page's header.
        #[deny(dead_code)]
        pub struct Person {
            $($(#[$doc])* pub $field: String,)*
            /// The latest first.
            pub orders: Vec<Order>,
            /// The latest year first.
            pub sales: Vec<Sales>,
            /// The latest first.
            pub notes: Vec<Note>,
            /// Whether there are older notes than these.
            pub has_older_notes: bool,
        }

        /// The columns besides the id, all of them text.
        pub const FIELDS: &[&str] = &[$(stringify!($field)),*];

        impl Person {
            /// Reads the text of each column by its position in `FIELDS`; nothing else is filled in.
            pub fn read<E>(mut text: impl FnMut(usize) -> Result<String, E>) -> Result<Self, E> {
                let mut columns = 0..FIELDS.len();
                let mut next = || columns.next().map_or_else(|| Ok(String::new()), &mut text);
                Ok(Self {
                    $($field: next()?,)*
                    orders: Vec::new(),
                    sales: Vec::new(),
                    notes: Vec::new(),
                    has_older_notes: false,
                })
            }
        }
    };
}

person! {
    /// The id, if there is no name.
    name,
    email,
    phone,
    /// Their name on social media.
    handle,
    /// Where the CRM itself shows this person.
    crm_url,
}

/// The columns that `people` may lack if another program or an earlier version created it; they
/// are added then.
pub fn later_fields() -> impl Iterator<Item = &'static str> {
    const REQUIRED: [&str; 2] = ["name", "email"];
    FIELDS.iter().copied().filter(|field| !REQUIRED.contains(field))
}
