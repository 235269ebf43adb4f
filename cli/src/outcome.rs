//! The outcome of a subcommand.

/// What is printed, and the exit status: 0 if it is accepted (or done), else 1.
pub struct Outcome {
    pub text: String,
    pub is_accepted: bool,
}
