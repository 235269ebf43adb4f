//! Floats as PHP writes them with its default `precision` of 14 (`php_gcvt` in its
//! `main/snprintf.c`, on digits of `zend_dtoa`).

use alloc::{format, string::String};

/// How many significant digits there are at most.
const PRECISION: usize = 14;

/// The text of a float; `None` for NaN and the infinities.
pub(super) fn written(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    // As `-1.2340000000000e-5`, correctly rounded.
    let scientific = format!("{:.*e}", PRECISION - 1, value.abs());
    let (digits, exponent) = scientific.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let digits = digits.replace('.', "");
    let significant = if keeps_zeros(value) { &*digits } else { digits.trim_end_matches('0') };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let text = match exponent {
        ..-4 | 14.. => {
            let (first, rest) = digits.split_at(1);
            let rest = significant.get(1..).filter(|rest| !rest.is_empty()).unwrap_or(&rest[..1]);
            format!("{sign}{first}.{rest}E{exponent:+}")
        }
        ..0 => {
            format!("{sign}0.{:0>1$}", significant, significant.len() + exponent.unsigned_abs() as usize - 1)
        }
        // The digits of the integer, and the others, if any, after a point.
        0.. => {
            let integer = 1 + exponent as usize;
            match significant.get(integer..).filter(|fraction| !fraction.is_empty()) {
                Some(fraction) => format!("{sign}{}.{fraction}", &digits[..integer]),
                None => format!("{sign}{}", &digits[..integer]),
            }
        }
    };
    Some(text)
}

/// Whether PHP keeps the zeros at the end of the digits. It does for an integer of 15 digits
/// that is halfway between two numbers of 14 digits and is rounded down, to the even one:
/// `zend_dtoa` rounds these in a branch of their own, which strips no zeros.
fn keeps_zeros(value: f64) -> bool {
    let value = value.abs();
    (1e14..1e15).contains(&value) && value % 20.0 == 5.0
}

/// The nearest `f64` to the shortest decimal that is this `f32`: 0.1 for 0.1.
pub(super) fn by_shortest_decimal(value: f32) -> f64 {
    format!("{value:e}").parse().unwrap_or(f64::NAN)
}
