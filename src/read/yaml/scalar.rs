//! What a scalar is in YAML 1.1: PyYAML's rules, by which `yes` is true, `010` is 8 and `52:54:10` a number.

use super::{Scalar, Style};

/// What PyYAML's `SafeLoader` makes of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// Nothing: `~`, `null`, an empty value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number.
    Float(f64),
    /// A text: the scalar's.
    Text,
    /// What is not followed: a point in time, a number that is too long, a tag of somebody's own.
    Other,
}

/// What a scalar is, by its tag, else by what it looks like where it has no quotes.
pub fn resolve(scalar: &Scalar, tag: Option<&str>) -> Resolved {
    let text = scalar.text.as_str();
    let own = tag.map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag));
    match own {
        None if scalar.style == Style::Plain => implicit(text),
        None | Some("str") => Resolved::Text,
        Some("null") => Resolved::Null,
        Some("bool") => truth(text).map_or(Resolved::Other, Resolved::Bool),
        Some("int") => integer(text).map_or(Resolved::Other, Resolved::Int),
        Some("float") => {
            let whole = || integer(text).and_then(|whole| whole.to_string().parse().ok());
            let number = float(text).or_else(whole);
            number.map_or(Resolved::Other, Resolved::Float)
        }
        Some(_) => Resolved::Other,
    }
}

fn implicit(text: &str) -> Resolved {
    if is_null(text) {
        return Resolved::Null;
    }
    if let Some(truth) = truth(text) {
        return Resolved::Bool(truth);
    }
    if is_integer(text) {
        return integer(text).map_or(Resolved::Other, Resolved::Int);
    }
    if let Some(number) = float(text) {
        return Resolved::Float(number);
    }
    if is_time(text) {
        Resolved::Other
    } else {
        Resolved::Text
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

/// Whether all is made of these characters, and there is one.
fn only(text: &str, is: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(is)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}

/// `1:30:00`: behind the first number, none is above 59.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let is_small =
        |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    first.starts_with(|c: char| c.is_ascii_digit())
        && only(first, is_digit)
        && rest.peek().is_some()
        && rest.all(is_small)
}

fn is_integer(text: &str) -> bool {
    let digits = unsigned(text);
    if let Some(bits) = digits.strip_prefix("0b") {
        return only(bits, |c| matches!(c, '0' | '1' | '_'));
    }
    if let Some(hex) = digits.strip_prefix("0x") {
        return only(hex, |c| c.is_ascii_hexdigit() || c == '_');
    }
    if let Some(octal) = digits.strip_prefix('0') {
        return octal.is_empty() || only(octal, |c| matches!(c, '0'..='7' | '_'));
    }
    let starts = digits.starts_with(|c: char| c.is_ascii_digit());
    starts && (only(digits, is_digit) || is_sexagesimal(digits))
}

/// The number that PyYAML constructs; none where it does not fit, or is none.
fn integer(text: &str) -> Option<i128> {
    let plain: String = text.chars().filter(|c| *c != '_').collect();
    let sign = if plain.starts_with('-') { -1 } else { 1 };
    let digits = unsigned(&plain);
    let magnitude = if digits == "0" {
        Some(0)
    } else if let Some(bits) = digits.strip_prefix("0b") {
        i128::from_str_radix(bits, 2).ok()
    } else if let Some(hex) = digits.strip_prefix("0x") {
        i128::from_str_radix(hex, 16).ok()
    } else if let Some(octal) = digits.strip_prefix('0') {
        i128::from_str_radix(octal, 8).ok()
    } else if digits.contains(':') {
        digits.split(':').try_fold(0_i128, |sum, part| {
            let part: i128 = part.parse().ok()?;
            sum.checked_mul(60)?.checked_add(part)
        })
    } else {
        digits.parse().ok()
    };
    magnitude.map(|magnitude: i128| magnitude * sign)
}

/// A number with a point, an infinity, or what is none.
fn float(text: &str) -> Option<f64> {
    let digits = unsigned(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    match digits {
        ".inf" | ".Inf" | ".INF" => return Some(sign * f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => return (digits == text).then_some(f64::NAN),
        _ => {}
    }
    let (whole, behind) = digits.split_once('.')?;
    let (fraction, exponent) = match behind.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (behind, None),
    };
    let is_fraction = fraction.is_empty() || only(fraction, is_digit);
    let is_exponent = exponent.is_none_or(|exponent| {
        exponent.starts_with(['-', '+']) && only(unsigned(exponent), |c| c.is_ascii_digit())
    });
    if !is_fraction || !is_exponent {
        return None;
    }
    let plain = |text: &str| text.replace('_', "");
    if whole.contains(':') {
        let is_one = is_sexagesimal(whole) && exponent.is_none();
        let minutes = integer(whole).filter(|_| is_one)?;
        let text = format!("{minutes}.{}0", plain(fraction));
        return text.parse::<f64>().ok().map(|number| sign * number);
    }
    // `.5` has no sign in these rules, and starts with a digit behind the point.
    let starts = if whole.is_empty() {
        digits == text && fraction.starts_with(|c: char| c.is_ascii_digit())
    } else {
        whole.starts_with(|c: char| c.is_ascii_digit()) && only(whole, is_digit)
    };
    let number = plain(digits);
    let number = if whole.is_empty() {
        format!("0{number}")
    } else {
        number
    };
    starts.then(|| number.parse::<f64>().ok().map(|number| sign * number))?
}

/// `2026-11-30`, `2026-11-30T10:00:00Z`
fn is_time(text: &str) -> bool {
    let (date, time) = match text.split_once(['T', 't', ' ', '\t']) {
        Some((date, time)) => (date, Some(time.trim_start())),
        None => (text, None),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && only(part, |c| c.is_ascii_digit())
    };
    let [year, month, day] = parts[..] else {
        return false;
    };
    let least = if time.is_some() { 1 } else { 2 };
    if !digits(year, 4..=4) || !digits(month, least..=2) || !digits(day, least..=2) {
        return false;
    }
    time.is_none_or(|time| {
        let zone = time.find(['Z', '+', '-', ' ', '\t']).unwrap_or(time.len());
        let (clock, zone) = time.split_at_checked(zone).unwrap_or((time, ""));
        let whole = clock.split('.').next().unwrap_or_default();
        let parts: Vec<&str> = whole.split(':').collect();
        let zone = zone.trim_start();
        let offset = zone.strip_prefix(['+', '-']).unwrap_or_default();
        let is_zone = zone.is_empty()
            || zone == "Z"
            || offset.split(':').count() <= 2 && offset.split(':').all(|part| digits(part, 1..=2));
        matches!(parts[..], [hour, minute, second]
            if digits(hour, 1..=2) && digits(minute, 2..=2) && digits(second, 2..=2))
            && is_zone
    })
}
