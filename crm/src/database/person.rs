//! A person, and the columns of `people` that tell about them.

use super::{Note, Order, Sales};

/// Makes `Person` of the names of columns. What a column is called here is all that the engines
/// need: they add those that a database lacks, and read them.
macro_rules! person {
    ($($(#[$doc:meta])* $field:ident,)*) => {
        // Whoever adds one has yet to show it, in the page's header.
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
            /// With the text of each column of `FIELDS`, by its position there, and with nothing
            /// else yet.
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
    /// Or the id, where there is no name.
    name,
    email,
    phone,
    /// What they are called where they write.
    handle,
    /// Where the CRM itself shows this person.
    crm_url,
}

/// The columns that a table `people` may lack that others made, or an earlier version: they are
/// added then.
pub fn later_fields() -> impl Iterator<Item = &'static str> {
    const REQUIRED: [&str; 2] = ["name", "email"];
    FIELDS.iter().copied().filter(|field| !REQUIRED.contains(field))
}
