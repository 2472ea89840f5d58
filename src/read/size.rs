//! Sizes as operators write them: `16GiB`, `512M`, `1.5 GB`, `1048576`.

use std::error::Error;
use std::fmt;

/// Why a text is no size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidSize {
    /// It is no number with a known unit.
    Malformed(String),
    /// More than 2^64 bytes.
    TooLarge(String),
}

/// The bytes that a text stands for. K, M, G, T and KiB, MiB, GiB, TiB are binary; KB, MB, GB, TB are decimal;
/// a bare number counts bytes. Case does not matter. Fails on anything else, and on what 64 bits cannot hold.
pub fn parse(text: &str) -> Result<u64, InvalidSize> {
    let malformed = || InvalidSize::Malformed(text.to_owned());
    let trimmed = text.trim();
    let digits = trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = trimmed[digits.len()..].to_ascii_lowercase();
    let number = digits.trim_end();
    if number.ends_with('.') {
        return Err(malformed());
    }
    let factor = factor(&unit).ok_or_else(malformed)?;
    scale(number, factor)
        .ok_or_else(malformed)?
        .ok_or_else(|| InvalidSize::TooLarge(text.to_owned()))
}

/// A decimal number (`2`, `2.5`) times `factor`, rounded down. `None` where it is no number, `Some(None)`
/// where 64 bits cannot hold the product.
pub fn scale(number: &str, factor: u64) -> Option<Option<u64>> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    // Twelve digits behind the point tell single bytes of a tebibyte; the rest cannot matter.
    let fraction = &fraction[..fraction.len().min(12)];
    let denominator = 10_u128.pow(u32::try_from(fraction.len()).expect("at most 12"));
    let part = u128::from(factor) * fraction.parse::<u128>().unwrap_or(0) / denominator;
    // Only overflow can fail here: these are digits.
    let whole = whole.parse::<u64>().ok();
    let total = whole.and_then(|whole| u128::from(whole).checked_mul(u128::from(factor)));
    Some(total.and_then(|total| u64::try_from(total + part).ok()))
}

fn factor(unit: &str) -> Option<u64> {
    Some(match unit {
        "" | "b" => 1,
        "k" | "kib" => 1 << 10,
        "m" | "mib" => 1 << 20,
        "g" | "gib" => 1 << 30,
        "t" | "tib" => 1 << 40,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        "tb" => 1_000_000_000_000,
        _ => return None,
    })
}

impl fmt::Display for InvalidSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidSize::Malformed(text) => write!(
                f,
                "`{text}` is not a size: write a number with K, M, G or T (or KiB, MiB, GiB, TiB), \
                 with KB, MB, GB or TB, or plain bytes"
            ),
            InvalidSize::TooLarge(text) => write!(f, "`{text}` is more than 64 bits can count"),
        }
    }
}

impl Error for InvalidSize {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{InvalidSize, parse};

    #[test]
    fn binary_units_count_in_1024() {
        for text in ["16GiB", "16 GiB", "16G", "16g", " 16gib "] {
            assert_eq!(parse(text), Ok(16 * 1024 * 1024 * 1024), "{text}");
        }
        assert_eq!(parse("3K"), Ok(3 * 1024));
        assert_eq!(parse("3MiB"), Ok(3 * 1024 * 1024));
        assert_eq!(parse("2T"), Ok(2 * 1024 * 1024 * 1024 * 1024));
    }

    #[test]
    fn decimal_units_count_in_1000() {
        assert_eq!(parse("3KB"), Ok(3_000));
        assert_eq!(parse("2MB"), Ok(2_000_000));
        assert_eq!(parse("16GB"), Ok(16_000_000_000));
        assert_eq!(parse("1TB"), Ok(1_000_000_000_000));
    }

    #[test]
    fn bare_numbers_count_bytes() {
        assert_eq!(parse("4096"), Ok(4096));
        assert_eq!(parse("4096B"), Ok(4096));
        assert_eq!(parse("0"), Ok(0));
    }

    #[test]
    fn fractions_count() {
        assert_eq!(parse("1.5GiB"), Ok(1024 * 1024 * 1024 * 3 / 2));
        assert_eq!(parse("0.5 KB"), Ok(500));
        assert_eq!(parse("1.0000000000000000000000000009K"), Ok(1024));
    }

    #[test]
    fn anything_else_is_named() {
        for text in [
            "", "G", "16X", "16GBit", "-1", "+1", "1e3", ".5G", "5.G", "1,5G", "16Go", "1 2G", "٣G",
        ] {
            assert_eq!(
                parse(text),
                Err(InvalidSize::Malformed(text.to_owned())),
                "{text:?}"
            );
        }
        let message = parse("16Go").expect_err("no unit").to_string();
        assert!(
            message.starts_with("`16Go` is not a size: write a number with K, M, G or T"),
            "{message}"
        );
    }

    #[test]
    fn more_than_64_bits_is_too_large() {
        assert_eq!(parse("18446744073709551615"), Ok(u64::MAX));
        for text in [
            "18446744073709551616",
            "16777216T",
            "99999999999999999999999999999999999999999",
        ] {
            assert_eq!(
                parse(text),
                Err(InvalidSize::TooLarge(text.to_owned())),
                "{text}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn units_multiply(number in 0_u64..1 << 20) {
            prop_assert_eq!(parse(&format!("{number}MiB")), Ok(number * 1024 * 1024));
            prop_assert_eq!(parse(&format!("{number} MB")), Ok(number * 1000 * 1000));
        }
    }
}
