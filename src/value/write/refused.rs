//! The reason why a value is refused. The writer knows which value it is.

use core::fmt::{self, Display, Formatter};

use serde_core::ser;

#[derive(Debug)]
pub(super) struct Refused(pub(super) &'static str);

impl ser::Error for Refused {
    /// The message is not kept, since it may quote the value.
    fn custom<T: Display>(_: T) -> Self {
        Self("its `Serialize` refused it")
    }
}

impl core::error::Error for Refused {}

impl Display for Refused {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}
